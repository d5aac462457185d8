package dev.berth.agent.image;

import dev.berth.agent.image.layer.LayerLimits;
import dev.berth.agent.image.registry.RegistrySettings;

/**
 * What an image store is allowed to do and to hold.
 *
 * @param layerBytesMax how much unpacked layers may take before {@link ImageStore#sweep} deletes
 *     unused ones
 */
public record ImageStoreSettings(
    RegistrySettings registry, LayerLimits limits, long layerBytesMax) {
  public static final ImageStoreSettings STANDARD =
      new ImageStoreSettings(RegistrySettings.STANDARD, LayerLimits.STANDARD, 20L << 30);
}
