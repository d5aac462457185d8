package dev.berth.agent.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.agent.image.layer.TarBuilder;
import dev.berth.model.image.Digest;
import dev.berth.model.image.ImageReference;
import dev.berth.model.image.Platform;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A process that loads, leases and sweeps without end is killed at random moments; the seed is in
 * the test's name.
 */
class KilledStoreTest {
  private static final int KILL_COUNT = 6;
  private static final int KILL_MILLIS_MAX = 150;
  private static final int STEP_COUNT_MAX = 12;
  private static final int FILE_COUNT = 200;

  @TempDir Path base;

  @ParameterizedTest
  @ValueSource(longs = 1)
  void whatIsVisibleAfterAKillIsWhole(long seed) throws Exception {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    Files.write(base.resolve("a.tar"), archive("a"));
    Files.write(base.resolve("b.tar"), archive("b"));
    int whole = 0;
    for (int kill = 0; kill < KILL_COUNT; kill++) {
      Process child =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "--enable-native-access=ALL-UNNAMED",
                  "-cp",
                  System.getProperty("java.class.path"),
                  Loader.class.getName(),
                  base.resolve("images").toString(),
                  base.toString())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      // Steps, then a moment: the disk of a busy machine may take long for one step.
      int steps = 1 + random.nextInt(STEP_COUNT_MAX);
      assertThat(child.getInputStream().readNBytes(steps)).as("the child goes on").hasSize(steps);
      Thread.sleep(random.nextInt(KILL_MILLIS_MAX));
      child.destroyForcibly().waitFor();
      whole += checkWhole();
    }
    assertThat(whole).as("images seen after a kill").isPositive();
  }

  private int checkWhole() throws IOException {
    Path root = base.resolve("images");
    try (ImageStore store = StoreFixture.open(root)) {
      for (Digest manifest : store.localNames().values()) {
        Image image = store.find(manifest).orElseThrow();
        for (Path layer : image.layerDirectories()) {
          try (var files = Files.walk(layer)) {
            assertThat(files.filter(Files::isRegularFile).count()).isEqualTo(FILE_COUNT);
          }
        }
      }
      try (var staged = Files.list(root.resolve("staging"))) {
        assertThat(staged).isEmpty();
      }
      return store.localNames().size();
    }
  }

  private static byte[] archive(String name) {
    var tar = new TarBuilder();
    var layers = new StringBuilder();
    var diffIds = new StringBuilder();
    for (int layer = 0; layer < 3; layer++) {
      var content = new TarBuilder();
      for (int file = 0; file < FILE_COUNT; file++) {
        content.file("d" + file % 10 + "/f" + layer + "-" + file, name);
      }
      byte[] bytes = content.build();
      tar.file(layer + ".tar", bytes);
      layers.append(layer == 0 ? "" : ",").append('"').append(layer).append(".tar\"");
      diffIds.append(layer == 0 ? "" : ",").append('"').append(Digest.of(bytes)).append('"');
    }
    return tar.file("config.json", "{\"rootfs\":{\"diff_ids\":[" + diffIds + "]}}")
        .file(
            "manifest.json",
            "[{\"Config\":\"config.json\",\"RepoTags\":[\"app:"
                + name
                + "\"],\"Layers\":["
                + layers
                + "]}]")
        .build();
  }

  /** The process that is killed. */
  static final class Loader {
    private Loader() {}

    public static void main(String[] arguments) throws IOException {
      try (ImageStore store = StoreFixture.open(Path.of(arguments[0]), 0)) {
        step();
        String before = "b";
        while (true) {
          String next = before.equals("a") ? "b" : "a";
          Path archive = Path.of(arguments[1]).resolve(next + ".tar");
          store.load(archive, Optional.empty(), Platform.LINUX_AMD64);
          step();
          StoreFixture.resolve(store, "app:" + next);
          store.forgetLocalName(ImageReference.parse("app:" + before));
          step();
          store.release(StoreFixture.OWNER);
          store.sweep();
          step();
          before = next;
        }
      }
    }

    private static void step() throws IOException {
      System.out.write("+".getBytes(StandardCharsets.US_ASCII));
      if (System.out.checkError()) {
        throw new IOException("the test is gone"); // Else its children would go on for ever.
      }
    }
  }
}
