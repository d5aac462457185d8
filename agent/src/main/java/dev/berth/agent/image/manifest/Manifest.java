package dev.berth.agent.image.manifest;

import java.util.List;

/** What a registry has under a tag or digest. */
public sealed interface Manifest {
  /** One image. Layers stand lowest first. */
  record Single(Descriptor config, List<Descriptor> layers) implements Manifest {}

  /** One image a platform. */
  record Index(List<Descriptor> manifests) implements Manifest {}
}
