package dev.berth.model.image;

import java.util.Locale;
import java.util.Optional;

/**
 * What an image runs on, in the terms of the OCI image specification (Go's names).
 *
 * @param os such as {@code linux}
 * @param architecture such as {@code amd64}
 * @param variant of the architecture, such as {@code v7}; arm64's only variant {@code v8} is left
 *     out
 */
public record Platform(String os, String architecture, Optional<String> variant) {
  public static final Platform LINUX_AMD64 = new Platform("linux", "amd64", Optional.empty());
  public static final Platform LINUX_ARM64 = new Platform("linux", "arm64", Optional.empty());

  /** Other spellings (x86_64, aarch64) are normalised, so that equal platforms are equal values. */
  public Platform {
    os = os.toLowerCase(Locale.ROOT);
    String given = architecture.toLowerCase(Locale.ROOT);
    architecture =
        switch (given) {
          case "x86_64", "x86-64" -> "amd64";
          case "aarch64" -> "arm64";
          default -> given;
        };
    boolean redundant = architecture.equals("arm64") && variant.equals(Optional.of("v8"));
    variant = redundant ? Optional.empty() : variant.filter(text -> !text.isEmpty());
  }

  /** Reads {@code os/architecture} or {@code os/architecture/variant}; empty for anything else. */
  public static Optional<Platform> parse(String text) {
    String[] parts = text.split("/", -1);
    boolean complete = parts.length == 2 || parts.length == 3;
    for (String part : parts) {
      complete &= !part.isEmpty();
    }
    if (!complete) {
      return Optional.empty();
    }
    var variant = parts.length == 3 ? Optional.of(parts[2]) : Optional.<String>empty();
    return Optional.of(new Platform(parts[0], parts[1], variant));
  }

  /**
   * The Linux platform of an ECS {@code runtimePlatform.cpuArchitecture}; empty for an unknown one.
   */
  public static Optional<Platform> ofEcs(String cpuArchitecture) {
    return switch (cpuArchitecture) {
      case "X86_64" -> Optional.of(LINUX_AMD64);
      case "ARM64" -> Optional.of(LINUX_ARM64);
      default -> Optional.empty();
    };
  }

  /** ECS's name of the architecture; empty where ECS has none. */
  public Optional<String> ecsCpuArchitecture() {
    return switch (architecture) {
      case "amd64" -> Optional.of("X86_64");
      case "arm64" -> Optional.of("ARM64");
      default -> Optional.empty();
    };
  }

  /**
   * Whether an image built for {@code image} runs here. An image without a variant is the baseline.
   */
  public boolean runs(Platform image) {
    return os.equals(image.os)
        && architecture.equals(image.architecture)
        && (image.variant.isEmpty() || image.variant.equals(variant));
  }

  /** As docker writes it: {@code linux/arm/v7}. */
  @Override
  public String toString() {
    return os + "/" + architecture + variant.map(text -> "/" + text).orElse("");
  }
}
