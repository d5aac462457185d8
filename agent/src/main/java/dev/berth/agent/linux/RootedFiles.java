package dev.berth.agent.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Files inside a root file system that somebody else wrote. A symbolic link in it, absolute or with
 * {@code ..}, never leads out of it: the kernel resolves every path as if the root were /.
 */
public final class RootedFiles {
  private static final long RESOLVE_NO_MAGICLINKS = 0x02;
  private static final long RESOLVE_IN_ROOT = 0x10;
  private static final int O_DIRECTORY =
      System.getProperty("os.arch", "").equals("aarch64") ? 0x4000 : 0x10000;
  private static final int DIRECTORY_MODE = 0755;

  private static final NativeCall OPENAT2 =
      NativeCall.system("openat2", 437, JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG);
  private static final NativeCall MKDIRAT =
      NativeCall.ofInt("mkdirat", JAVA_INT, ADDRESS, JAVA_INT);

  private final Path root;

  public RootedFiles(Path root) {
    this.root = root;
  }

  /**
   * The text of a file, or empty when there is none or it is not a regular file.
   *
   * @param byteCountMax a longer file is a failure
   */
  public Optional<String> read(String path, int byteCountMax) throws IOException {
    try (var rootDescriptor = Descriptor.open(root, Descriptor.O_PATH)) {
      var opened = resolve(rootDescriptor, path, Descriptor.O_PATH);
      if (opened.isEmpty()) {
        return Optional.empty();
      }
      // Only a path so far: a device or a pipe is looked at before anything is opened.
      try (var file = opened.get()) {
        if (!Files.isRegularFile(file.asPath())) {
          return Optional.empty();
        }
        try (var stream = Files.newInputStream(file.asPath())) {
          var bytes = stream.readNBytes(byteCountMax + 1);
          if (bytes.length > byteCountMax) {
            throw new IOException(path + " in " + root + " is longer than " + byteCountMax);
          }
          return Optional.of(new String(bytes, StandardCharsets.UTF_8));
        }
      }
    }
  }

  /** The folder, opened for its path alone, or empty when there is none. */
  public Optional<Descriptor> folder(String path) throws IOException {
    try (var rootDescriptor = Descriptor.open(root, Descriptor.O_PATH)) {
      return resolve(rootDescriptor, path, Descriptor.O_PATH | O_DIRECTORY);
    }
  }

  /** Makes the folder and those above it where they are missing, as root's, mode 755. */
  public void makeDirectories(String path) throws IOException {
    try (var rootDescriptor = Descriptor.open(root, Descriptor.O_PATH)) {
      var existing = resolve(rootDescriptor, path, Descriptor.O_PATH | O_DIRECTORY);
      if (existing.isPresent()) {
        existing.get().close();
        return;
      }
      var soFar = new StringBuilder();
      for (var name : path.split("/", -1)) {
        if (name.isEmpty() || name.equals(".")) {
          continue;
        }
        makeDirectory(rootDescriptor, soFar.toString(), name);
        soFar.append('/').append(name);
      }
    }
  }

  private void makeDirectory(Descriptor rootDescriptor, String parentPath, String name)
      throws IOException {
    var parent = resolve(rootDescriptor, parentPath, Descriptor.O_PATH | O_DIRECTORY);
    if (parent.isEmpty()) {
      throw new IOException("'" + parentPath + "' is not a folder in the image");
    }
    try (var folder = parent.get()) {
      NativeCall.withMemory(
          arena -> {
            long result =
                MKDIRAT.orErrno(folder.number(), NativeCall.text(arena, name), DIRECTORY_MODE);
            if (result < 0 && result != -Errno.EEXIST) {
              throw new LinuxException("mkdirat", parentPath + "/" + name, (int) -result);
            }
            return result;
          });
    }
  }

  private Optional<Descriptor> resolve(Descriptor rootDescriptor, String path, int flags)
      throws IOException {
    return NativeCall.withMemory(
        arena -> {
          var how = arena.allocate(JAVA_LONG, 3);
          how.setAtIndex(JAVA_LONG, 0, flags | Descriptor.O_CLOEXEC);
          how.setAtIndex(JAVA_LONG, 1, 0);
          how.setAtIndex(JAVA_LONG, 2, RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS);
          long result =
              OPENAT2.orErrno(
                  rootDescriptor.number(),
                  NativeCall.text(arena, path.isEmpty() ? "." : path),
                  how,
                  how.byteSize());
          if (result == -Errno.ENOENT || result == -Errno.ENOTDIR || result == -Errno.ELOOP) {
            return Optional.<Descriptor>empty();
          }
          if (result < 0) {
            throw new LinuxException("openat2", path + " in " + root, (int) -result);
          }
          return Optional.of(new Descriptor((int) result));
        });
  }
}
