package dev.berth.model.image;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * All that an image's configuration document says.
 *
 * @param platform that it was built for
 * @param config for its containers
 * @param exposedPorts such as {@code 80/tcp}
 * @param diffIds digests of the uncompressed layers, the lowest layer first
 */
public record ImageDescription(
    Platform platform,
    ImageConfig config,
    Set<String> exposedPorts,
    Map<String, String> labels,
    Optional<HealthCheck> healthCheck,
    List<Digest> diffIds) {

  public ImageDescription {
    exposedPorts = Set.copyOf(exposedPorts);
    labels = Map.copyOf(labels);
    diffIds = List.copyOf(diffIds);
  }

  /**
   * Docker's HEALTHCHECK. Fargate ignores it unless the task definition repeats it.
   *
   * @param test {@code NONE}, or {@code CMD} or {@code CMD-SHELL} and arguments
   * @param interval zero means the runtime's default, as do the other durations and retries
   */
  public record HealthCheck(
      List<String> test, Duration interval, Duration timeout, Duration startPeriod, int retries) {
    public HealthCheck {
      test = List.copyOf(test);
    }
  }
}
