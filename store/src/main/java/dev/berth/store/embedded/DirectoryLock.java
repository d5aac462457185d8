package dev.berth.store.embedded;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.berth.store.StoreException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps a directory for one store at a time. The kernel drops it when the process ends, however it
 * ends.
 */
final class DirectoryLock implements AutoCloseable {
  /**
   * The directories this process holds. Asked before the file is touched: a POSIX lock belongs to
   * the process, and closing any descriptor of the file would drop it.
   */
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final Path directory;
  private final FileChannel file;

  private DirectoryLock(Path directory, FileChannel file) {
    this.directory = directory;
    this.file = file;
  }

  /**
   * Locks an existing directory, or throws {@link StoreException.InUse} with the owner's process
   * id.
   */
  static DirectoryLock acquire(Layout layout) throws IOException {
    var directory = layout.directory().toRealPath();
    if (!HELD.add(directory)) {
      throw new StoreException.InUse(
          "the store in " + directory + " is already in use by this process");
    }
    try {
      return new DirectoryLock(directory, lock(directory, layout.lock()));
    } catch (IOException | RuntimeException e) {
      HELD.remove(directory);
      throw e;
    }
  }

  private static FileChannel lock(Path directory, Path path) throws IOException {
    var file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      if (file.tryLock() == null) {
        throw new StoreException.InUse(
            "the store in %s is already in use by process %s"
                .formatted(directory, Files.readString(path, US_ASCII).strip()));
      }
      file.truncate(0);
      file.write(ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(US_ASCII)));
      return file;
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  @Override
  public void close() throws IOException {
    if (!file.isOpen()) {
      return; // Another store may hold the directory by now.
    }
    try {
      file.close();
    } finally {
      HELD.remove(directory);
    }
  }
}
