package dev.berth.model.task;

import dev.berth.model.Declared;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * A revision of a task definition. Only its status and tags ever change.
 *
 * @param declaration as registered, normalised: the members of the official TaskDefinition shape
 *     that the client declares
 * @param registeredBy the ARN of who registered it
 */
public record TaskDefinition(
    TaskDefinitionId id,
    Status status,
    Declared declaration,
    Map<String, String> tags,
    Instant registeredAt,
    String registeredBy,
    Optional<Instant> deregisteredAt) {
  public TaskDefinition {
    tags = Map.copyOf(tags);
  }

  /** What may still be done with it. */
  public enum Status {
    /** Tasks may be started from it. */
    ACTIVE,
    /** Deregistered: what runs goes on, nothing new starts. */
    INACTIVE,
    /** Deleted: shown until nothing refers to it. */
    DELETE_IN_PROGRESS
  }

  public TaskDefinition withTags(Map<String, String> newTags) {
    return new TaskDefinition(
        id, status, declaration, newTags, registeredAt, registeredBy, deregisteredAt);
  }

  /** Deregistered; the first time counts. */
  public TaskDefinition deregistered(Instant at) {
    return new TaskDefinition(
        id,
        Status.INACTIVE,
        declaration,
        tags,
        registeredAt,
        registeredBy,
        Optional.of(deregisteredAt.orElse(at)));
  }

  public TaskDefinition deleted() {
    return new TaskDefinition(
        id,
        Status.DELETE_IN_PROGRESS,
        declaration,
        tags,
        registeredAt,
        registeredBy,
        deregisteredAt);
  }
}
