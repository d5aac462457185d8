package dev.berth.agent.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * Subvolumes of a btrfs and the quotas on them, by the kernel's own calls. Facts: {@code
 * linux/btrfs.h} and {@code linux/btrfs_tree.h}; their numbers are the same on x86-64 and arm64.
 */
public final class Btrfs {
  private static final NativeCall IOCTL = NativeCall.ofInt("ioctl", JAVA_INT, JAVA_LONG, ADDRESS);

  private static final long SUBVOLUME_CREATE = 0x5000940eL;
  private static final long SUBVOLUME_DESTROY = 0x5000940fL;
  private static final long QGROUP_CREATE = 0x4010942aL;
  private static final long QGROUP_LIMIT = 0x8030942bL;
  private static final long TREE_SEARCH = 0xd0009411L;
  private static final long INODE_LOOKUP = 0xd0009412L;

  /** Of {@code struct btrfs_ioctl_vol_args}, and of what a search takes and gives. */
  private static final int ARGUMENT_BYTES = 4096;

  private static final int NAME_AT = 8;
  private static final int QGROUP_LIMIT_BYTES = 48;
  private static final int QGROUP_CREATE_BYTES = 16;
  private static final long LIMIT_REFERENCED = 1;

  private static final long FIRST_INODE = 256;
  private static final long QUOTA_TREE = 8;
  private static final int QGROUP_STATUS_KEY = 240;
  private static final int QGROUP_INFO_KEY = 242;
  private static final long STATUS_ON = 1;

  /** Where a search's first item begins, behind its key and the item's header. */
  private static final int ITEM_AT = 136;

  private Btrfs() {}

  /** Whether a folder is on a btrfs. */
  public static boolean has(Path folder) throws IOException {
    return Files.getFileStore(folder).type().equals("btrfs");
  }

  /** Whether a folder of a btrfs is a subvolume's root. */
  public static boolean isSubvolume(Path folder) throws IOException {
    return Files.getAttribute(folder, "unix:ino").equals(FIRST_INODE);
  }

  /** Whether the file system counts what subvolumes hold, and enforces limits. */
  public static boolean hasQuota(Path folder) throws IOException {
    return NativeCall.withMemory(
        arena -> {
          var found = arena.allocate(ARGUMENT_BYTES, 8);
          // Behind the version and the generation.
          return quotaItem(folder, 0, QGROUP_STATUS_KEY, found)
              && (found.get(JAVA_LONG, ITEM_AT + 16) & STATUS_ON) != 0;
        });
  }

  /** Makes an empty subvolume. */
  public static void create(Path subvolume) throws IOException {
    named("make subvolume", SUBVOLUME_CREATE, subvolume);
  }

  /**
   * Deletes a subvolume with all in it, but for other subvolumes: those fail it with {@link
   * Errno#ENOTEMPTY}. Its room comes back a little later.
   */
  public static void destroy(Path subvolume) throws IOException {
    named("delete subvolume", SUBVOLUME_DESTROY, subvolume);
  }

  private static void named(String purpose, long request, Path subvolume) throws IOException {
    NativeCall.withMemory(
        arena -> {
          var argument = arena.allocate(ARGUMENT_BYTES, 8);
          byte[] name = subvolume.getFileName().toString().getBytes(UTF_8);
          MemorySegment.copy(
              MemorySegment.ofArray(name), 0, argument, NAME_AT, Math.min(name.length, 255));
          return call(purpose, subvolume.resolveSibling("."), request, argument);
        });
  }

  /** The number of the subvolume that a folder is in: also that of its quota group. */
  public static long subvolumeId(Path folder) throws IOException {
    return NativeCall.withMemory(
        arena -> {
          var argument = arena.allocate(ARGUMENT_BYTES, 8);
          argument.set(JAVA_LONG, 8, FIRST_INODE);
          call("find subvolume of", folder, INODE_LOOKUP, argument);
          return argument.get(JAVA_LONG, 0);
        });
  }

  /** Bounds what a subvolume may hold; a write beyond fails with EDQUOT. */
  public static void limit(Path folder, long subvolumeId, long byteCount) throws IOException {
    NativeCall.withMemory(
        arena -> {
          var argument = arena.allocate(QGROUP_LIMIT_BYTES, 8);
          argument.set(JAVA_LONG, 0, subvolumeId);
          argument.set(JAVA_LONG, 8, LIMIT_REFERENCED);
          argument.set(JAVA_LONG, 16, byteCount);
          return call("limit subvolume " + subvolumeId + " of", folder, QGROUP_LIMIT, argument);
        });
  }

  /** What a subvolume holds, as of the file system's last commit; empty where it is not counted. */
  public static OptionalLong usedBytes(Path folder, long subvolumeId) throws IOException {
    return NativeCall.withMemory(
        arena -> {
          var found = arena.allocate(ARGUMENT_BYTES, 8);
          return quotaItem(folder, subvolumeId, QGROUP_INFO_KEY, found)
              ? OptionalLong.of(found.get(JAVA_LONG, ITEM_AT + 8)) // Behind the generation.
              : OptionalLong.empty();
        });
  }

  /**
   * Takes away the quota group of a subvolume that was deleted. Kernels since 6.11 do so
   * themselves, and refuse it before: that is no failure.
   */
  public static void removeQuotaGroup(Path folder, long subvolumeId) throws IOException {
    NativeCall.withMemory(
        arena -> {
          var argument = arena.allocate(QGROUP_CREATE_BYTES, 8);
          argument.set(JAVA_LONG, 8, subvolumeId);
          try {
            call("remove the quota group of", folder, QGROUP_CREATE, argument);
          } catch (LinuxException e) {
            if (e.errno() != Errno.EBUSY && e.errno() != Errno.ENOENT) {
              throw e;
            }
          }
          return argument;
        });
  }

  /** Looks for one item in the tree of quotas; without quotas there is none. */
  private static boolean quotaItem(Path folder, long offset, int type, MemorySegment found)
      throws IOException {
    found.set(JAVA_LONG, 0, QUOTA_TREE);
    found.set(JAVA_LONG, 24, offset); // The least and the greatest; the object is always 0.
    found.set(JAVA_LONG, 32, offset);
    found.set(JAVA_LONG, 48, -1L);
    found.set(JAVA_INT, 56, type);
    found.set(JAVA_INT, 60, type);
    found.set(JAVA_INT, 64, 1);
    try {
      call("search the quotas of", folder, TREE_SEARCH, found);
    } catch (LinuxException e) {
      if (e.errno() == Errno.ENOENT) {
        return false;
      }
      throw e;
    }
    return found.get(JAVA_INT, 64) == 1;
  }

  private static long call(String purpose, Path folder, long request, MemorySegment argument)
      throws IOException {
    try (var descriptor = Descriptor.open(folder, Descriptor.O_RDONLY)) {
      long result = IOCTL.orErrno(descriptor.number(), request, argument);
      if (result < 0) {
        throw new LinuxException(purpose, folder.toString(), (int) -result);
      }
      return result;
    }
  }
}
