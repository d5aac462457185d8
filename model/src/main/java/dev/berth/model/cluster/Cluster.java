package dev.berth.model.cluster;

import dev.berth.model.Declared;
import java.util.List;
import java.util.Map;

/**
 * A cluster as it was declared. What runs in it is counted, never stored.
 *
 * @param active false once it was deleted; it stays describable until it is swept away
 * @param settings by name, such as {@code containerInsights}
 * @param configuration execute-command and storage configuration, shown again
 * @param serviceConnectDefaults shown again
 */
public record Cluster(
    ClusterId id,
    boolean active,
    Map<String, String> settings,
    Declared configuration,
    Declared serviceConnectDefaults,
    List<String> capacityProviders,
    List<CapacityProviderUse> defaultStrategy,
    Map<String, String> tags) {
  public Cluster {
    settings = Map.copyOf(settings);
    capacityProviders = List.copyOf(capacityProviders);
    defaultStrategy = List.copyOf(defaultStrategy);
    tags = Map.copyOf(tags);
  }

  /** A cluster of which only the name is declared. */
  public static Cluster named(ClusterId id) {
    return new Cluster(
        id, true, Map.of(), Declared.NOTHING, Declared.NOTHING, List.of(), List.of(), Map.of());
  }

  public Cluster withTags(Map<String, String> newTags) {
    return new Cluster(
        id,
        active,
        settings,
        configuration,
        serviceConnectDefaults,
        capacityProviders,
        defaultStrategy,
        newTags);
  }

  public Cluster withSettings(Map<String, String> newSettings) {
    return new Cluster(
        id,
        active,
        newSettings,
        configuration,
        serviceConnectDefaults,
        capacityProviders,
        defaultStrategy,
        tags);
  }

  public Cluster withConfiguration(Declared newConfiguration) {
    return new Cluster(
        id,
        active,
        settings,
        newConfiguration,
        serviceConnectDefaults,
        capacityProviders,
        defaultStrategy,
        tags);
  }

  public Cluster withServiceConnectDefaults(Declared newDefaults) {
    return new Cluster(
        id, active, settings, configuration, newDefaults, capacityProviders, defaultStrategy, tags);
  }

  /** The providers that its tasks may use, and those that they use when they name none. */
  public Cluster withCapacityProviders(
      List<String> newProviders, List<CapacityProviderUse> newStrategy) {
    return new Cluster(
        id,
        active,
        settings,
        configuration,
        serviceConnectDefaults,
        newProviders,
        newStrategy,
        tags);
  }

  public Cluster deleted() {
    return new Cluster(
        id,
        false,
        settings,
        configuration,
        serviceConnectDefaults,
        capacityProviders,
        defaultStrategy,
        tags);
  }
}
