package dev.berth.agent.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.nio.file.Path;

/** Gives back the room of a part of a file, whose length and offsets stay as they are. */
public final class FileHoles {
  private static final int KEEP_SIZE = 1;
  private static final int PUNCH_HOLE = 2;
  private static final NativeCall FALLOCATE =
      NativeCall.ofInt("fallocate", JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG);

  private FileHoles() {}

  /** False where the file system cannot do it. */
  public static boolean punch(Path file, long offset, long byteCount) throws IOException {
    try (var descriptor = Descriptor.open(file, Descriptor.O_WRONLY)) {
      long result =
          FALLOCATE.orErrno(descriptor.number(), PUNCH_HOLE | KEEP_SIZE, offset, byteCount);
      if (result == -Errno.EOPNOTSUPP || result == -Errno.ENOSYS) {
        return false;
      }
      if (result < 0) {
        throw new LinuxException("fallocate", file.toString(), (int) -result);
      }
      return true;
    }
  }
}
