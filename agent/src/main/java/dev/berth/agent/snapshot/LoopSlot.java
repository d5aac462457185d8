package dev.berth.agent.snapshot;

import dev.berth.agent.linux.Mounts;
import dev.berth.agent.linux.TreeRemoval;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A file system of a fixed size for one task at a time: {@code image} is a sparse file with an ext4
 * in it, {@code fs} where it is mounted, {@code fs/task} the task's folder, {@code size} its GiB.
 */
record LoopSlot(Path folder) {
  private static final int BLOCK_BYTES = 4096;

  /**
   * No journal: a file system that its machine left without a word is deleted, not mended. What
   * tasks delete goes back to the disk at once; what was never used is not written either. It never
   * grows, and says itself how it is laid out, so that {@link #imageBytes} knows.
   */
  private static final List<String> MAKE =
      List.of(
          "mkfs.ext4",
          "-q",
          "-F",
          "-m",
          "0",
          "-b",
          Integer.toString(BLOCK_BYTES),
          "-I",
          "256",
          "-i",
          "16384",
          "-O",
          "^has_journal,^resize_inode");

  /** In a group of blocks; of these, a table of inodes and two bitmaps are not for files. */
  private static final long GROUP_BLOCK_COUNT = 32_768;

  private static final long GROUP_OVERHEAD_BLOCK_COUNT = 514;

  /** ext4 holds back so much of what is free, for its own records of files. */
  private static final long HELD_BACK_BYTES = 16L << 20;

  /** The superblock, its copies and what they describe, with something to spare. */
  private static final long DESCRIPTION_BYTES_MIN = 1L << 20;

  private static final long DESCRIPTION_BYTES_PER_GIB = 16L << 10;

  private static final String MAKE_LAZILY = "lazy_itable_init=1,nodiscard";
  private static final String MOUNT_OPTIONS = "loop,noatime,discard,noinit_itable";

  Path task() {
    return folder.resolve("fs/task");
  }

  private Path image() {
    return folder.resolve("image");
  }

  private Path mountPoint() {
    return folder.resolve("fs");
  }

  /** In a folder that does not exist yet. */
  void make(int sizeGib) throws IOException, InterruptedException {
    Files.createDirectories(mountPoint());
    Files.writeString(folder.resolve("size"), Integer.toString(sizeGib));
    try (var file = new RandomAccessFile(image().toFile(), "rw")) {
      file.setLength(imageBytes(sizeGib));
    }
    var making = new ArrayList<>(MAKE);
    making.addAll(List.of("-E", MAKE_LAZILY, image().toString()));
    HostCommand.run("a file system of " + sizeGib + " GiB was not made", making);
    HostCommand.run(
        "a file system of " + sizeGib + " GiB was not mounted",
        List.of("mount", "-o", MOUNT_OPTIONS, image().toString(), mountPoint().toString()));
    Files.createDirectory(task());
  }

  /** The size of a file whose file system has room for so much. */
  private static long imageBytes(int sizeGib) {
    long wanted =
        ((long) sizeGib << 30)
            + HELD_BACK_BYTES
            + DESCRIPTION_BYTES_MIN
            + sizeGib * DESCRIPTION_BYTES_PER_GIB;
    long blocks =
        wanted / BLOCK_BYTES * GROUP_BLOCK_COUNT / (GROUP_BLOCK_COUNT - GROUP_OVERHEAD_BLOCK_COUNT);
    return blocks * BLOCK_BYTES;
  }

  /** Whether it was made completely and this boot has it mounted. */
  boolean isWhole() throws IOException {
    return Mounts.isMounted(mountPoint()) && Files.isDirectory(task());
  }

  int sizeGib() throws IOException {
    try {
      return Integer.parseInt(Files.readString(folder.resolve("size")).strip());
    } catch (NoSuchFileException | NumberFormatException half) {
      return 0;
    }
  }

  /** What is written in it now. */
  long usedBytes() throws IOException {
    // Not by a FileStore, which searches the whole mount table for its own line.
    var folder = task().toFile();
    long totalBytes = folder.getTotalSpace();
    if (totalBytes == 0) {
      throw new IOException("the file system of " + task() + " does not say how large it is");
    }
    return totalBytes - folder.getFreeSpace();
  }

  /** Ready for another task. */
  void empty() throws IOException {
    TreeRemoval.remove(task());
    Files.createDirectory(task());
  }

  /** Unmounting lets go of the loop device too. */
  void destroy() throws IOException {
    Mounts.unmount(mountPoint());
    TreeRemoval.remove(folder);
  }
}
