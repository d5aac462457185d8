package dev.berth.agent.image.manifest;

import dev.berth.model.image.Digest;
import dev.berth.model.image.Platform;
import java.util.Map;
import java.util.Optional;

/** A pointer from one document of an image to another, or to a layer. */
public record Descriptor(
    String mediaType,
    Digest digest,
    long sizeBytes,
    Optional<Platform> platform,
    Map<String, String> annotations) {}
