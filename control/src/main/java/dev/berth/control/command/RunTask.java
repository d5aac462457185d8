package dev.berth.control.command;

import dev.berth.model.Declared;
import dev.berth.model.cluster.CapacityProviderUse;
import dev.berth.model.identity.Realm;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A wish to run tasks, as declared.
 *
 * @param cluster name or ARN
 * @param definition family, family and revision, or ARN
 * @param networkConfiguration the official NetworkConfiguration shape
 * @param overrides the official TaskOverride shape
 * @param tagsFromDefinition whether the definition's tags come first
 * @param receivedAt when the request came in
 */
public record RunTask(
    Realm realm,
    Optional<String> cluster,
    String definition,
    int count,
    Optional<String> launchType,
    List<CapacityProviderUse> strategy,
    Optional<String> platformVersion,
    Optional<String> group,
    Optional<String> startedBy,
    Optional<String> clientToken,
    Declared networkConfiguration,
    Declared overrides,
    Map<String, String> tags,
    boolean tagsFromDefinition,
    boolean executeCommandEnabled,
    Instant receivedAt) {
  public RunTask {
    strategy = List.copyOf(strategy);
    tags = Map.copyOf(tags);
  }

  /** What must be the same when a client token is used again. */
  String fingerprint() {
    return String.join(
        "\n",
        definition,
        Integer.toString(count),
        launchType.orElse(""),
        strategy.toString(),
        platformVersion.orElse(""),
        group.orElse(""),
        startedBy.orElse(""),
        networkConfiguration.json(),
        overrides.json());
  }
}
