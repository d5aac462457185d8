package dev.berth.agent.linux;

/** The error numbers that Berth decides by, and the names of all. Linux, x86-64 and arm64. */
public final class Errno {
  public static final int EPERM = 1;
  public static final int ENOENT = 2;
  public static final int ESRCH = 3;
  public static final int EINTR = 4;
  public static final int EBADF = 9;
  public static final int EAGAIN = 11;
  public static final int EBUSY = 16;
  public static final int EEXIST = 17;
  public static final int ENOTEMPTY = 39;
  public static final int ENODEV = 19;
  public static final int ENOTDIR = 20;
  public static final int ENOSYS = 38;
  public static final int ELOOP = 40;
  public static final int EADDRNOTAVAIL = 99;
  public static final int EOPNOTSUPP = 95;
  public static final int EINVAL = 22;
  public static final int ENXIO = 6;

  /** In the kernel's order: the position is the number. */
  private static final String[] NAMES =
      """
      OK EPERM ENOENT ESRCH EINTR EIO ENXIO E2BIG ENOEXEC EBADF ECHILD EAGAIN ENOMEM EACCES EFAULT
      ENOTBLK EBUSY EEXIST EXDEV ENODEV ENOTDIR EISDIR EINVAL ENFILE EMFILE ENOTTY ETXTBSY EFBIG
      ENOSPC ESPIPE EROFS EMLINK EPIPE EDOM ERANGE EDEADLK ENAMETOOLONG ENOLCK ENOSYS ENOTEMPTY
      ELOOP
      """
          .strip()
          .split("\\s+", -1);

  private Errno() {}

  /** The symbolic name, or {@code errno N} for one that no call of ours is known to give. */
  public static String name(int errno) {
    if (errno >= 0 && errno < NAMES.length) {
      return NAMES[errno];
    }
    return switch (errno) {
      case 75 -> "EOVERFLOW";
      case 95 -> "EOPNOTSUPP";
      case 97 -> "EAFNOSUPPORT";
      case 98 -> "EADDRINUSE";
      case 99 -> "EADDRNOTAVAIL";
      case 100 -> "ENETDOWN";
      case 101 -> "ENETUNREACH";
      case 105 -> "ENOBUFS";
      case 107 -> "ENOTCONN";
      case 110 -> "ETIMEDOUT";
      case 116 -> "ESTALE";
      case 122 -> "EDQUOT";
      default -> "errno " + errno;
    };
  }
}
