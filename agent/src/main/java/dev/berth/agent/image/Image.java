package dev.berth.agent.image;

import dev.berth.model.image.Digest;
import dev.berth.model.image.ImageConfig;
import dev.berth.model.image.ImageDescription;
import java.nio.file.Path;
import java.util.List;

/**
 * An image that is here and unpacked.
 *
 * @param manifestDigest of the platform's own manifest, which is what ECS shows as imageDigest
 * @param layerDirectories lowest layer first, as a snapshotter takes them and the reverse of
 *     overlayfs's {@code lowerdir}; without repetitions, which overlayfs refuses; empty for an
 *     image without layers. Read only, and shared with other tasks.
 */
public record Image(
    Digest manifestDigest, ImageDescription description, List<Path> layerDirectories) {
  public Image {
    layerDirectories = List.copyOf(layerDirectories);
  }

  /** What the image says of its containers. */
  public ImageConfig config() {
    return description.config();
  }
}
