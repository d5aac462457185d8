package dev.berth.agent.image;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.UUID;

/** Where things are before they are complete and after they are given up. */
final class StagingArea {
  private final Path directory;

  StagingArea(Path directory) {
    this.directory = directory;
  }

  /** A new empty directory. */
  Path create() throws IOException {
    return Files.createDirectory(fresh());
  }

  /** A name that nothing has. */
  Path fresh() {
    return directory.resolve(UUID.randomUUID().toString());
  }

  /** Takes something out of sight in one step, to be removed at leisure. */
  Path withdraw(Path published) throws IOException {
    return Files.move(published, fresh(), StandardCopyOption.ATOMIC_MOVE);
  }

  /** Makes a small file appear whole and durable, or not at all. */
  void publish(byte[] content, Path target) throws IOException {
    Path unfinished = fresh();
    try (var channel =
        FileChannel.open(unfinished, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      var buffer = ByteBuffer.wrap(content);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      channel.force(true);
    }
    Files.move(
        unfinished, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    Path parent = target.getParent();
    if (parent != null) {
      try (var channel = FileChannel.open(parent, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }

  /** Removes whatever a former process left. */
  void sweep() throws IOException {
    try (DirectoryStream<Path> left = Files.newDirectoryStream(directory)) {
      for (Path path : left) {
        remove(path);
      }
    }
  }

  /**
   * Removes a tree that lies in this area. It may hold hostile content, so no path is built of it:
   * directories that are not empty are moved up here first, whatever their depth.
   */
  void remove(Path path) throws IOException {
    if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      Files.deleteIfExists(path);
      return;
    }
    try (DirectoryStream<Path> plain = Files.newDirectoryStream(directory)) {
      if (!(plain instanceof SecureDirectoryStream<Path> area)) {
        throw new IOException("no directory descriptors on " + directory);
      }
      var pending = new ArrayDeque<Path>();
      pending.add(path.getFileName());
      while (!pending.isEmpty()) {
        Path name = pending.remove();
        try (var tree = area.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS)) {
          for (Path child : tree) {
            removeChild(area, tree, child.getFileName(), pending);
          }
        } catch (DirectoryIteratorException e) {
          throw e.getCause();
        }
        area.deleteDirectory(name);
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static void removeChild(
      SecureDirectoryStream<Path> area,
      SecureDirectoryStream<Path> tree,
      Path child,
      ArrayDeque<Path> pending)
      throws IOException {
    try {
      tree.deleteFile(child);
    } catch (FileSystemException notFile) {
      try {
        tree.deleteDirectory(child);
      } catch (DirectoryNotEmptyException full) {
        Path moved = Path.of(UUID.randomUUID().toString());
        tree.move(child, area, moved);
        pending.add(moved);
      }
    }
  }
}
