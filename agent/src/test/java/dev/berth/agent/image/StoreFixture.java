package dev.berth.agent.image;

import dev.berth.agent.image.layer.LayerLimits;
import dev.berth.agent.image.registry.RegistryCredentials;
import dev.berth.agent.image.registry.RegistrySettings;
import dev.berth.model.image.ImageException;
import dev.berth.model.image.ImageReference;
import dev.berth.model.image.Platform;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/** A store with short waits and a clock that goes on a second each time it is read. */
final class StoreFixture {
  static final LeaseOwner OWNER = new LeaseOwner("task-1");
  static final RegistrySettings REGISTRY =
      new RegistrySettings(
          Set.of(), Duration.ofSeconds(2), Duration.ofMillis(500), 3, Duration.ofMillis(2));

  private StoreFixture() {}

  static ImageStore open(Path root) throws IOException {
    return open(root, 1L << 30);
  }

  static ImageStore open(Path root, long layerBytesMax) throws IOException {
    var settings = new ImageStoreSettings(REGISTRY, LayerLimits.STANDARD, layerBytesMax);
    var seconds = new AtomicLong(System.currentTimeMillis() / 1000);
    InstantSource clock = () -> Instant.ofEpochSecond(seconds.incrementAndGet());
    return ImageStore.open(root, settings, clock, new Random(1));
  }

  static Image resolve(ImageStore store, String reference) throws ImageException {
    return resolve(store, reference, RegistryCredentials.ANONYMOUS);
  }

  static Image resolve(ImageStore store, String reference, RegistryCredentials credentials)
      throws ImageException {
    return store.resolve(
        ImageReference.parse(reference),
        Platform.LINUX_AMD64,
        credentials,
        OWNER,
        PullProgress.NONE);
  }
}
