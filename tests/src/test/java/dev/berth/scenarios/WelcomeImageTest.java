package dev.berth.scenarios;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.agent.image.Image;
import dev.berth.agent.image.ImageStore;
import dev.berth.agent.image.ImageStoreSettings;
import dev.berth.agent.image.layer.LayerLimits;
import dev.berth.agent.image.registry.RegistrySettings;
import dev.berth.cli.image.WelcomeImage;
import dev.berth.model.image.ImageReference;
import dev.berth.model.image.Platform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The image that the command makes is one that the agent takes. */
final class WelcomeImageTest {
  private static final byte[] BUSYBOX = "not really a busybox".getBytes(UTF_8);
  private static final Platform HERE =
      new Platform("linux", System.getProperty("os.arch"), Optional.empty());

  @TempDir private Path folder = Path.of("");

  @Test
  void theAgentLoadsAndUnpacksIt() throws IOException {
    Path archive = Files.write(folder.resolve("welcome.tar"), WelcomeImage.archive(BUSYBOX));

    try (ImageStore store = open()) {
      List<ImageStore.Loaded> loaded = store.load(archive, Optional.empty(), HERE);

      assertThat(loaded).hasSize(1);
      assertThat(loaded.getFirst().names())
          .containsExactly(ImageReference.parse(WelcomeImage.REFERENCE));
      Image image = store.find(loaded.getFirst().manifestDigest()).orElseThrow();
      Path bin = image.layerDirectories().getFirst().resolve("bin");
      assertThat(bin.resolve("busybox")).hasBinaryContent(BUSYBOX).isExecutable();
      assertThat(Files.readSymbolicLink(bin.resolve("sh"))).hasToString("busybox");
      assertThat(bin.resolve("welcome")).isExecutable();
    }
  }

  @Test
  void equalBusyboxesMakeEqualImages() {
    assertThat(WelcomeImage.archive(BUSYBOX)).isEqualTo(WelcomeImage.archive(BUSYBOX));
  }

  private ImageStore open() throws IOException {
    var registry =
        new RegistrySettings(
            Set.of(), Duration.ofSeconds(2), Duration.ofSeconds(2), 1, Duration.ofMillis(2));
    var settings = new ImageStoreSettings(registry, LayerLimits.STANDARD, 1L << 30);
    return ImageStore.open(
        folder.resolve("images"), settings, InstantSource.system(), new Random(1));
  }
}
