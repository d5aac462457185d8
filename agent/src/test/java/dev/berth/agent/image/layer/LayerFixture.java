package dev.berth.agent.image.layer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.model.image.Digest;
import dev.berth.model.image.ImageException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A layer's directory with canaries all around it: whatever changes there came from an escape. */
final class LayerFixture {
  static final LayerLimits LIMITS = new LayerLimits(64 << 20, 1000, 100, 1 << 20);

  final Path around;
  final Path root;
  private final Path replaced;
  private final Map<String, String> before;

  LayerFixture(Path around) throws IOException {
    this.around = around;
    Files.writeString(around.resolve("canary"), "untouched");
    Path victim = Files.createDirectory(around.resolve("victim"));
    Files.writeString(victim.resolve("canary"), "untouched");
    Path layer = Files.createDirectory(around.resolve("layer"));
    root = Files.createDirectory(layer.resolve("fs"));
    replaced = Files.createDirectory(layer.resolve("replaced"));
    before = outside();
  }

  LayerSize unpack(byte[] tar) throws ImageException {
    return unpack(tar, tar, LIMITS);
  }

  LayerSize unpack(byte[] compressed, byte[] tar, LayerLimits limits) throws ImageException {
    return LayerUnpacker.unpack(
        new ByteArrayInputStream(compressed), root, replaced, Digest.of(tar), limits);
  }

  void assertNothingEscaped() throws IOException {
    assertThat(outside()).isEqualTo(before);
    assertThat(Files.exists(Path.of("/berth-escape"), LinkOption.NOFOLLOW_LINKS)).isFalse();
  }

  private Map<String, String> outside() throws IOException {
    Map<String, String> seen = new TreeMap<>();
    Files.walkFileTree(
        around,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
            seen.put(directory.toString(), "directory");
            return directory.equals(root) || directory.equals(replaced)
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            // The link count shows a hard link from within the layer.
            String links =
                Files.getAttribute(file, "unix:nlink", LinkOption.NOFOLLOW_LINKS).toString();
            String mode =
                Files.getAttribute(file, "unix:mode", LinkOption.NOFOLLOW_LINKS).toString();
            seen.put(file.toString(), Files.readString(file) + " " + links + " " + mode);
            return FileVisitResult.CONTINUE;
          }
        });
    return seen;
  }

  /** An extended attribute of any name space, which the JDK does not show. */
  static Optional<byte[]> attribute(Path file, String name) {
    try (Arena arena = Arena.ofConfined()) {
      Linker linker = Linker.nativeLinker();
      var call =
          linker.downcallHandle(
              linker.defaultLookup().findOrThrow("lgetxattr"),
              FunctionDescriptor.of(
                  ValueLayout.JAVA_LONG,
                  ValueLayout.ADDRESS,
                  ValueLayout.ADDRESS,
                  ValueLayout.ADDRESS,
                  ValueLayout.JAVA_LONG));
      MemorySegment value = arena.allocate(4096);
      long length =
          (long)
              call.invokeExact(
                  arena.allocateFrom(file.toString()), arena.allocateFrom(name), value, 4096L);
      return length < 0
          ? Optional.empty()
          : Optional.of(value.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE));
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }
}
