package dev.berth.model.task;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a host knows of one container.
 *
 * @param runtimeId the runtime's id, once it is created
 * @param imageDigest the manifest's digest, once the image is resolved
 * @param exitCode only what the kernel reported, never invented
 * @param reason such as {@code OutOfMemoryError: …} or {@code CannotPullContainerError: …}
 * @param health absent where no health check is declared
 * @param restartCount absent where it was never started again
 */
public record ContainerReport(
    String name,
    Status status,
    Optional<String> runtimeId,
    Optional<String> imageDigest,
    OptionalInt exitCode,
    Optional<String> reason,
    Optional<Instant> startedAt,
    Optional<Instant> stoppedAt,
    Optional<Health> health,
    OptionalInt restartCount) {

  public enum Status {
    PENDING,
    RUNNING,
    STOPPED
  }

  /** A container of which nothing has happened yet. */
  public static ContainerReport pending(ContainerSpec spec) {
    return new ContainerReport(
        spec.name(),
        Status.PENDING,
        Optional.empty(),
        Optional.empty(),
        OptionalInt.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        spec.supervision().healthCheck().map(_ -> Health.UNKNOWN),
        OptionalInt.empty());
  }
}
