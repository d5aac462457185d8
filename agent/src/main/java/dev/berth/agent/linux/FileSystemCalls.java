package dev.berth.agent.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * File system calls relative to directory descriptors, for one thread, with buffers that are
 * allocated once.
 *
 * <p>Names are Latin-1 strings in which each char is one byte of the name as the kernel sees it:
 * Linux names are bytes, and this keeps every one of them. Names must not contain NUL.
 *
 * <p>The calls block their carrier thread, so use a platform thread.
 */
public final class FileSystemCalls implements AutoCloseable {
  public static final int EPERM = 1;
  public static final int ENOENT = 2;
  public static final int EIO = 5;
  public static final int EEXIST = 17;
  public static final int EXDEV = 18;
  public static final int ENOTDIR = 20;
  public static final int EISDIR = 21;
  public static final int EFBIG = 27;
  public static final int ENOSPC = 28;
  public static final int EROFS = 30;
  public static final int ENAMETOOLONG = 36;
  public static final int ELOOP = 40;
  public static final int EOPNOTSUPP = 95;
  public static final int EDQUOT = 122;

  /** Longest path of one call, without its NUL. */
  public static final int PATH_BYTES_MAX = 4095;

  /** Longest value of an extended attribute (XATTR_SIZE_MAX). */
  public static final int XATTR_BYTES_MAX = 64 * 1024;

  private static final int O_WRONLY = 1;
  private static final int O_CREAT = 0100;
  private static final int O_EXCL = 0200;
  private static final int O_DIRECTORY = directoryFlag();
  private static final int O_NOFOLLOW = O_DIRECTORY << 1;
  private static final int O_CLOEXEC = 02000000;
  private static final int O_PATH = 010000000;
  private static final int AT_FDCWD = -100;
  private static final int AT_SYMLINK_NOFOLLOW = 0x100;
  private static final int S_IFIFO = 0010000;
  private static final int S_IFCHR = 0020000;
  private static final long SYS_OPENAT2 = 437;
  private static final long RESOLVE_NO_XDEV = 0x01;
  private static final long RESOLVE_NO_MAGICLINKS = 0x02;
  private static final long RESOLVE_IN_ROOT = 0x10;
  private static final int BUFFER_BYTES = 256 * 1024;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final StructLayout ERRNO = Linker.Option.captureStateLayout();
  private static final long ERRNO_OFFSET =
      ERRNO.byteOffset(MemoryLayout.PathElement.groupElement("errno"));

  private static final MethodHandle OPENAT =
      variadic("openat", 3, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);
  private static final MethodHandle SYSCALL =
      variadic("syscall", 1, JAVA_LONG, JAVA_LONG, JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG);
  private static final MethodHandle CLOSE = fixed("close", JAVA_INT, JAVA_INT);
  private static final MethodHandle PWRITE =
      fixed("pwrite", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_LONG);
  private static final MethodHandle FTRUNCATE = fixed("ftruncate", JAVA_INT, JAVA_INT, JAVA_LONG);
  private static final MethodHandle MKDIRAT =
      fixed("mkdirat", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
  private static final MethodHandle MKNODAT =
      fixed("mknodat", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_LONG);
  private static final MethodHandle SYMLINKAT =
      fixed("symlinkat", JAVA_INT, ADDRESS, JAVA_INT, ADDRESS);
  private static final MethodHandle LINKAT =
      fixed("linkat", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT);
  private static final MethodHandle UNLINKAT =
      fixed("unlinkat", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
  private static final MethodHandle RENAMEAT =
      fixed("renameat", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, ADDRESS);
  private static final MethodHandle FCHOWN =
      fixed("fchown", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT);
  private static final MethodHandle FCHOWNAT =
      fixed("fchownat", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, JAVA_INT);
  private static final MethodHandle FCHMOD = fixed("fchmod", JAVA_INT, JAVA_INT, JAVA_INT);
  private static final MethodHandle FCHMODAT =
      fixed("fchmodat", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);
  private static final MethodHandle FUTIMENS = fixed("futimens", JAVA_INT, JAVA_INT, ADDRESS);
  private static final MethodHandle UTIMENSAT =
      fixed("utimensat", JAVA_INT, JAVA_INT, ADDRESS, ADDRESS, JAVA_INT);
  private static final MethodHandle FSETXATTR =
      fixed("fsetxattr", JAVA_INT, JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT);
  private static final MethodHandle SYNCFS = fixed("syncfs", JAVA_INT, JAVA_INT);

  private final Arena arena = Arena.ofConfined();
  private final MemorySegment errno = arena.allocate(ERRNO);
  private final MemorySegment first = arena.allocate(PATH_BYTES_MAX + 1L);
  private final MemorySegment second = arena.allocate(PATH_BYTES_MAX + 1L);
  private final MemorySegment times = arena.allocate(32, 8);
  private final MemorySegment how = arena.allocate(24, 8);
  private final MemorySegment buffer = arena.allocate(BUFFER_BYTES, 8);

  /** Opens a directory by its path on this machine, for reading. */
  public int openDirectory(Path path) throws FileSystemCallFailed {
    String name =
        new String(path.toString().getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    return openAt(AT_FDCWD, name, O_DIRECTORY | O_CLOEXEC, 0);
  }

  /**
   * Opens a directory below {@code root} to work relative to it. Symbolic links and {@code ..}
   * resolve as if root were {@code /}, in the kernel, so that the result is always inside root.
   */
  public int openInRoot(int root, String path) throws FileSystemCallFailed {
    return openAt2(root, path, O_PATH | O_DIRECTORY | O_CLOEXEC);
  }

  /**
   * Like {@link #openInRoot} for a descriptor whose attributes can be changed; the last name must
   * be no link.
   */
  public int openAttributesInRoot(int root, String path) throws FileSystemCallFailed {
    return openAt2(root, path, O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  }

  /** Opens a directory that is no symbolic link, to work relative to it. */
  public int openChildDirectory(int directory, String name) throws FileSystemCallFailed {
    return openAt(directory, name, O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC, 0);
  }

  /**
   * Makes a new regular file and opens it for writing; fails with EEXIST if anything has that name.
   */
  public int createFile(int directory, String name) throws FileSystemCallFailed {
    return openAt(directory, name, O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW | O_CLOEXEC, 0600);
  }

  public void makeDirectory(int directory, String name, int mode) throws FileSystemCallFailed {
    put(first, name);
    try {
      check("mkdir", name, (int) MKDIRAT.invokeExact(errno, directory, first, mode));
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  public void makeFifo(int directory, String name) throws FileSystemCallFailed {
    makeNode(directory, name, S_IFIFO | 0600);
  }

  /** Makes what overlayfs reads as "deleted": a character device 0:0. */
  public void makeWhiteout(int directory, String name) throws FileSystemCallFailed {
    makeNode(directory, name, S_IFCHR);
  }

  private void makeNode(int directory, String name, int mode) throws FileSystemCallFailed {
    put(first, name);
    try {
      check("mknod", name, (int) MKNODAT.invokeExact(errno, directory, first, mode, 0L));
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  public void makeSymlink(String target, int directory, String name) throws FileSystemCallFailed {
    put(first, target);
    put(second, name);
    try {
      check("symlink", name, (int) SYMLINKAT.invokeExact(errno, first, directory, second));
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  /** Links to what has the name itself; a symbolic link is not followed. */
  public void makeHardLink(int fromDirectory, String from, int directory, String name)
      throws FileSystemCallFailed {
    put(first, from);
    put(second, name);
    try {
      check(
          "link",
          name,
          (int) LINKAT.invokeExact(errno, fromDirectory, first, directory, second, 0));
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  /** Removes a name that is no directory; a directory fails with EISDIR. */
  public void unlink(int directory, String name) throws FileSystemCallFailed {
    put(first, name);
    try {
      check("unlink", name, (int) UNLINKAT.invokeExact(errno, directory, first, 0));
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  public void rename(int fromDirectory, String from, int directory, String name)
      throws FileSystemCallFailed {
    put(first, from);
    put(second, name);
    try {
      check(
          "rename",
          from,
          (int) RENAMEAT.invokeExact(errno, fromDirectory, first, directory, second));
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  /** Writes all bytes at the given position of the file. */
  public void write(int file, byte[] bytes, int offset, int length, long position)
      throws FileSystemCallFailed {
    int done = 0;
    while (done < length) {
      int part = Math.min(length - done, BUFFER_BYTES);
      MemorySegment.copy(bytes, offset + done, buffer, JAVA_BYTE, 0, part);
      try {
        long written = (long) PWRITE.invokeExact(errno, file, buffer, (long) part, position + done);
        check("write", "", (int) written);
        done += (int) written;
      } catch (Throwable e) {
        throw rethrown(e);
      }
    }
  }

  /** Sets a file's length; what was not written reads as zeros and takes no space. */
  public void setLength(int file, long length) throws FileSystemCallFailed {
    try {
      check("ftruncate", "", (int) FTRUNCATE.invokeExact(errno, file, length));
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  public void changeOwner(int file, int uid, int gid) throws FileSystemCallFailed {
    try {
      check("fchown", "", (int) FCHOWN.invokeExact(errno, file, uid, gid));
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  /** Changes the owner of a name; a symbolic link's own, not its target's. */
  public void changeOwner(int directory, String name, int uid, int gid)
      throws FileSystemCallFailed {
    put(first, name);
    try {
      check(
          "chown",
          name,
          (int) FCHOWNAT.invokeExact(errno, directory, first, uid, gid, AT_SYMLINK_NOFOLLOW));
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  public void changeMode(int file, int mode) throws FileSystemCallFailed {
    try {
      check("fchmod", "", (int) FCHMOD.invokeExact(errno, file, mode));
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  /**
   * Changes the mode of a name. Follows a symbolic link, so only for what the caller has just made
   * as something else.
   */
  public void changeMode(int directory, String name, int mode) throws FileSystemCallFailed {
    put(first, name);
    try {
      check("chmod", name, (int) FCHMODAT.invokeExact(errno, directory, first, mode, 0));
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  /** Sets access and modification time. */
  public void setTimes(int file, long seconds, int nanos) throws FileSystemCallFailed {
    putTimes(seconds, nanos);
    try {
      check("futimens", "", (int) FUTIMENS.invokeExact(errno, file, times));
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  /** Sets both times of a name; a symbolic link's own, not its target's. */
  public void setTimes(int directory, String name, long seconds, int nanos)
      throws FileSystemCallFailed {
    put(first, name);
    putTimes(seconds, nanos);
    try {
      check(
          "utimens",
          name,
          (int) UTIMENSAT.invokeExact(errno, directory, first, times, AT_SYMLINK_NOFOLLOW));
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  /** Sets an extended attribute of at most {@link #XATTR_BYTES_MAX} bytes. */
  public void setAttribute(int file, String name, byte[] value) throws FileSystemCallFailed {
    if (value.length > XATTR_BYTES_MAX) {
      throw new FileSystemCallFailed("setxattr", name, ENAMETOOLONG);
    }
    put(first, name);
    MemorySegment.copy(value, 0, buffer, JAVA_BYTE, 0, value.length);
    try {
      check(
          "setxattr",
          name,
          (int) FSETXATTR.invokeExact(errno, file, first, buffer, (long) value.length, 0));
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  /** Waits until everything on the descriptor's file system is on disk. */
  public void syncFileSystem(int file) throws FileSystemCallFailed {
    try {
      check("syncfs", "", (int) SYNCFS.invokeExact(errno, file));
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  public void close(int file) throws FileSystemCallFailed {
    try {
      check("close", "", (int) CLOSE.invokeExact(errno, file));
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  @Override
  public void close() {
    arena.close();
  }

  private int openAt(int directory, String name, int flags, int mode) throws FileSystemCallFailed {
    put(first, name);
    try {
      return check("open", name, (int) OPENAT.invokeExact(errno, directory, first, flags, mode));
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  private int openAt2(int root, String path, int flags) throws FileSystemCallFailed {
    put(first, path.isEmpty() ? "." : path);
    how.set(JAVA_LONG, 0, flags);
    how.set(JAVA_LONG, 8, 0);
    how.set(JAVA_LONG, 16, RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS | RESOLVE_NO_XDEV);
    try {
      long file = (long) SYSCALL.invokeExact(errno, SYS_OPENAT2, root, first, how, 24L);
      return check("openat2", path, (int) file);
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  private void putTimes(long seconds, int nanos) {
    for (int offset = 0; offset < 32; offset += 16) {
      times.set(JAVA_LONG, offset, seconds);
      times.set(JAVA_LONG, offset + 8, nanos);
    }
  }

  private static void put(MemorySegment target, String name) throws FileSystemCallFailed {
    if (name.length() > PATH_BYTES_MAX) {
      throw new FileSystemCallFailed("path", name.substring(0, 64) + "…", ENAMETOOLONG);
    }
    byte[] bytes = name.getBytes(StandardCharsets.ISO_8859_1);
    MemorySegment.copy(bytes, 0, target, JAVA_BYTE, 0, bytes.length);
    target.set(JAVA_BYTE, bytes.length, (byte) 0);
  }

  private int check(String call, String name, int result) throws FileSystemCallFailed {
    if (result < 0) {
      throw new FileSystemCallFailed(call, name, errno.get(JAVA_INT, ERRNO_OFFSET));
    }
    return result;
  }

  /** A method handle may throw anything in theory; in practice only our own failure. */
  private static FileSystemCallFailed rethrown(Throwable e) {
    return switch (e) {
      case FileSystemCallFailed failed -> failed;
      case RuntimeException unchecked -> throw unchecked;
      case Error error -> throw error;
      default -> throw new IllegalStateException(e);
    };
  }

  /**
   * The one flag here whose value differs: arm64 swaps it with O_DIRECT. O_NOFOLLOW is the bit
   * above on both.
   */
  private static int directoryFlag() {
    return System.getProperty("os.arch").equals("aarch64") ? 040000 : 0200000;
  }

  private static MethodHandle fixed(String name, MemoryLayout result, MemoryLayout... arguments) {
    return bind(name, result, arguments, Linker.Option.captureCallState("errno"));
  }

  private static MethodHandle variadic(
      String name, int fixedArguments, MemoryLayout result, MemoryLayout... arguments) {
    return bind(
        name,
        result,
        arguments,
        Linker.Option.captureCallState("errno"),
        Linker.Option.firstVariadicArg(fixedArguments));
  }

  private static MethodHandle bind(
      String name, MemoryLayout result, MemoryLayout[] arguments, Linker.Option... options) {
    var descriptor = FunctionDescriptor.of(result, arguments);
    return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), descriptor, options);
  }
}
