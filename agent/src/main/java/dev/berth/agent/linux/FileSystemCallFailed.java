package dev.berth.agent.linux;

import java.io.IOException;

/** A file system call that the kernel refused. */
public final class FileSystemCallFailed extends IOException {
  private static final long serialVersionUID = 1L;

  private final int errno;

  FileSystemCallFailed(String call, String path, int errno) {
    super(call + " " + path + ": " + describe(errno));
    this.errno = errno;
  }

  /**
   * The kernel's error number; the ones that callers decide on are constants of {@link
   * FileSystemCalls}.
   */
  public int errno() {
    return errno;
  }

  private static String describe(int errno) {
    return switch (errno) {
      case FileSystemCalls.EPERM -> "operation not permitted";
      case FileSystemCalls.ENOENT -> "no such file or directory";
      case FileSystemCalls.EEXIST -> "file exists";
      case FileSystemCalls.EXDEV -> "crosses devices";
      case FileSystemCalls.ENOTDIR -> "not a directory";
      case FileSystemCalls.EISDIR -> "is a directory";
      case FileSystemCalls.ENOSPC -> "no space left on device";
      case FileSystemCalls.ENAMETOOLONG -> "file name too long";
      case FileSystemCalls.ELOOP -> "too many symbolic links";
      default -> "errno " + errno;
    };
  }
}
