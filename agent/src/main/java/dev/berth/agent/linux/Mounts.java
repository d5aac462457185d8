package dev.berth.agent.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Mounting and unmounting, and what is mounted. */
public final class Mounts {
  public static final long BIND = 0x1000;

  private static final int MNT_DETACH = 2;
  private static final int UMOUNT_NOFOLLOW = 8;

  /** The kernel takes one page of options, with its final zero. */
  public static final int OPTION_BYTE_COUNT_MAX = 4095;

  private static final NativeCall MOUNT =
      NativeCall.ofInt("mount", ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS);
  private static final NativeCall UMOUNT = NativeCall.ofInt("umount2", ADDRESS, JAVA_INT);

  private static final NativeCall STATX =
      NativeCall.ofInt("statx", JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS);
  private static final int STATX_BYTE_COUNT = 256;
  private static final int STATX_ATTRIBUTES = 8;
  private static final long STATX_ATTR_MOUNT_ROOT = 0x2000;
  private static final int AT_FDCWD = -100;
  private static final int AT_SYMLINK_NOFOLLOW = 0x100;

  private Mounts() {}

  /** Mounts a file system of that type. */
  public static void mount(String type, String source, Path target, long flags, String options)
      throws IOException {
    if (options.length() > OPTION_BYTE_COUNT_MAX) {
      throw new IOException("mount " + target + ": the options are longer than a page");
    }
    NativeCall.withMemory(
        arena ->
            MOUNT.on(
                type + " on " + target,
                NativeCall.text(arena, source),
                NativeCall.text(arena, target),
                NativeCall.text(arena, type),
                flags,
                NativeCall.text(arena, options)));
  }

  /** Shows a file or folder at a second place. */
  public static void bind(Path source, Path target) throws IOException {
    NativeCall.withMemory(
        arena ->
            MOUNT.on(
                source + " on " + target,
                NativeCall.text(arena, source),
                NativeCall.text(arena, target),
                MemorySegment.NULL,
                BIND,
                MemorySegment.NULL));
  }

  /**
   * Unmounts what is mounted there; nothing mounted, or nothing there, is no failure. A mount in
   * use leaves the tree now and ends with its last user.
   *
   * @return whether anything was mounted
   */
  public static boolean unmount(Path target) throws IOException {
    return NativeCall.withMemory(
        arena -> {
          var path = NativeCall.text(arena, target);
          long result = UMOUNT.orErrno(path, UMOUNT_NOFOLLOW);
          if (result == -Errno.EBUSY) {
            result = UMOUNT.orErrno(path, UMOUNT_NOFOLLOW | MNT_DETACH);
          }
          if (result == -Errno.EINVAL || result == -Errno.ENOENT) {
            return false;
          }
          if (result < 0) {
            throw new LinuxException("umount2", target.toString(), (int) -result);
          }
          return true;
        });
  }

  /** One line of the mount table. */
  public record Mount(Path target, String type, String source, List<String> superOptions) {}

  /** What is mounted in this mount namespace, in the kernel's order. */
  public static List<Mount> list() throws IOException {
    var mounts = new ArrayList<Mount>();
    for (var line : Files.readAllLines(Path.of("/proc/self/mountinfo"))) {
      // id parent major:minor root target options [tag…] - type source superOptions; see proc(5)
      var halves = line.split(" - ", 2);
      var left = halves[0].split(" ", -1);
      var right = halves[1].split(" ", -1);
      mounts.add(
          new Mount(
              Path.of(unescape(left[4])),
              right[0],
              unescape(right[1]),
              List.of(right[2].split(",", -1))));
    }
    return mounts;
  }

  /**
   * Whether something is mounted exactly there. The table is long where many tasks run, so the
   * place itself is asked. Fact: statx(2), since Linux 5.8.
   */
  public static boolean isMounted(Path target) throws IOException {
    return NativeCall.withMemory(
        arena -> {
          var answer = arena.allocate(STATX_BYTE_COUNT, Long.BYTES);
          long result =
              STATX.orErrno(
                  AT_FDCWD, NativeCall.text(arena, target), AT_SYMLINK_NOFOLLOW, 0, answer);
          if (result == -Errno.ENOENT || result == -Errno.ENOTDIR) {
            return false;
          }
          if (result < 0) {
            throw new LinuxException("statx", target.toString(), (int) -result);
          }
          return (answer.get(JAVA_LONG, STATX_ATTRIBUTES) & STATX_ATTR_MOUNT_ROOT) != 0;
        });
  }

  /** The table writes space, tab, newline and backslash as three octal digits. */
  private static String unescape(String field) {
    if (field.indexOf('\\') < 0) {
      return field;
    }
    return field
        .replace("\\040", " ")
        .replace("\\011", "\t")
        .replace("\\012", "\n")
        .replace("\\134", "\\");
  }
}
