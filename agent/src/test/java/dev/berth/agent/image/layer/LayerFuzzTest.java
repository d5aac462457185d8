package dev.berth.agent.image.layer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.model.image.ImageException;
import dev.berth.model.image.ImageFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random layers of hostile parts, and damaged ones. A failing seed is in the test's name. */
class LayerFuzzTest {
  private static final int LAYER_COUNT = 150;
  private static final List<String> PARTS =
      List.of(
          "a",
          "b",
          "c",
          "..",
          ".",
          "",
          "victim",
          ".wh.a",
          ".wh.canary",
          ".wh..wh..opq",
          "canary",
          ".wh..");

  @TempDir Path base;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void noLayerChangesAnythingAroundIt(long seed) throws IOException {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    int unpacked = 0;
    for (int i = 0; i < LAYER_COUNT; i++) {
      Path around = Files.createTempDirectory(base, "layer");
      var fixture = new LayerFixture(around);
      byte[] tar = layer(random, around);
      if (random.nextInt(3) == 0) {
        damage(random, tar);
      }
      try {
        fixture.unpack(tar);
        unpacked++;
      } catch (ImageException e) {
        assertThat(e.failure())
            .isInstanceOfAny(ImageFailure.LayerRefused.class, ImageFailure.TooLarge.class);
      }
      fixture.assertNothingEscaped();
    }
    assertThat(unpacked).as("layers that were not refused").isPositive();
  }

  private static byte[] layer(RandomGenerator random, Path around) {
    var tar = new TarBuilder();
    int count = 1 + random.nextInt(12);
    for (int i = 0; i < count; i++) {
      String name = name(random);
      switch (random.nextInt(8)) {
        case 0 -> tar.directory(name);
        case 1 -> tar.symlink(name, target(random, around));
        case 2 -> tar.hardLink(name, random.nextBoolean() ? name(random) : target(random, around));
        case 3 -> tar.fifo(name);
        case 4 -> tar.device(name, random.nextInt(10), random.nextInt(3));
        case 5 -> tar.pax(Map.of("path", name.getBytes(StandardCharsets.UTF_8))).file("x", "pax");
        default -> tar.file(name, "content");
      }
    }
    return tar.build();
  }

  private static String name(RandomGenerator random) {
    var name = new StringBuilder(random.nextInt(8) == 0 ? "/" : "");
    int depth = 1 + random.nextInt(4);
    for (int i = 0; i < depth; i++) {
      // Mostly plain parts, so that layers get far enough to do harm.
      int part = random.nextInt(6) == 0 ? random.nextInt(PARTS.size()) : random.nextInt(3);
      name.append(i == 0 ? "" : "/").append(PARTS.get(part));
    }
    return name.isEmpty() ? "a" : name.toString();
  }

  private static String target(RandomGenerator random, Path around) {
    return switch (random.nextInt(7)) {
      case 0 -> around.toString();
      case 1 -> around.resolve("victim").toString();
      case 2 -> "../../victim";
      case 3 -> "/proc/self/cwd";
      case 4 -> "..";
      case 5 -> around.resolve("canary").toString();
      default -> name(random);
    };
  }

  private static void damage(RandomGenerator random, byte[] tar) {
    int count = 1 + random.nextInt(4);
    for (int i = 0; i < count; i++) {
      tar[random.nextInt(tar.length)] = (byte) random.nextInt(256);
    }
  }
}
