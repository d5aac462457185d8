package dev.berth.app;

import dev.berth.agent.image.ImageStore;
import dev.berth.api.berth.Images;
import dev.berth.model.image.Digest;
import dev.berth.model.image.ImageReference;
import dev.berth.model.image.Platform;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The image store of this machine's agent, as the operator's API sees it. */
final class LocalImages implements Images {
  private final ImageStore store;

  LocalImages(LocalHost host) {
    this.store = host.images();
  }

  @Override
  public List<Named> load(Path archive, Optional<String> name) throws IOException {
    Optional<ImageReference> reference = Optional.empty();
    if (name.isPresent()) {
      reference = Optional.of(ImageReference.parse(name.get()));
    }
    return store.load(archive, reference, platform()).stream()
        .flatMap(
            loaded ->
                loaded.names().stream().map(each -> named(each.name(), loaded.manifestDigest())))
        .toList();
  }

  @Override
  public List<Named> list() {
    return store.localNames().entrySet().stream()
        .map(entry -> named(entry.getKey(), entry.getValue()))
        .sorted(java.util.Comparator.comparing(Named::reference))
        .toList();
  }

  private static Named named(String name, Digest digest) {
    return new Named(name, digest.toString());
  }

  private static Platform platform() {
    return System.getProperty("os.arch", "").equals("aarch64")
        ? Platform.LINUX_ARM64
        : Platform.LINUX_AMD64;
  }
}
