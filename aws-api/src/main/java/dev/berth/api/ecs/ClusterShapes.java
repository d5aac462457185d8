package dev.berth.api.ecs;

import dev.berth.api.protocol.ShapeText;
import dev.berth.control.query.ClusterQueries.View;
import dev.berth.model.Declared;
import dev.berth.model.cluster.CapacityProviderUse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import software.amazon.awssdk.services.ecs.model.CapacityProviderStrategyItem;
import software.amazon.awssdk.services.ecs.model.Cluster;
import software.amazon.awssdk.services.ecs.model.ClusterConfiguration;
import software.amazon.awssdk.services.ecs.model.ClusterField;
import software.amazon.awssdk.services.ecs.model.ClusterServiceConnectDefaults;
import software.amazon.awssdk.services.ecs.model.ClusterSetting;
import software.amazon.awssdk.services.ecs.model.KeyValuePair;

/** How ECS shows a cluster. */
final class ClusterShapes {
  static final String CONTAINER_INSIGHTS = "containerInsights";

  private ClusterShapes() {}

  /** With those parts that are asked for; the others are empty, as on AWS. */
  static Cluster of(View view, Set<ClusterField> include) {
    var cluster = view.cluster();
    Cluster.Builder shape =
        Cluster.builder()
            .clusterArn(cluster.id().arn().toString())
            .clusterName(cluster.id().name())
            .status(cluster.active() ? "ACTIVE" : "INACTIVE")
            .registeredContainerInstancesCount(0)
            .runningTasksCount(view.runningCount())
            .pendingTasksCount(view.pendingCount())
            .activeServicesCount(0)
            .capacityProviders(cluster.capacityProviders())
            .defaultCapacityProviderStrategy(
                cluster.defaultStrategy().stream().map(ClusterShapes::item).toList())
            .statistics(include.contains(ClusterField.STATISTICS) ? statistics(view) : List.of())
            .tags(include.contains(ClusterField.TAGS) ? EcsTags.of(cluster.tags()) : List.of())
            .settings(
                include.contains(ClusterField.SETTINGS) ? settings(cluster.settings()) : List.of());
    if (include.contains(ClusterField.ATTACHMENTS)) {
      shape.attachments(List.of());
    }
    if (include.contains(ClusterField.CONFIGURATIONS) && isThere(cluster.configuration())) {
      shape.configuration(
          ShapeText.fill(cluster.configuration().json(), ClusterConfiguration.builder()).build());
    }
    if (isThere(cluster.serviceConnectDefaults())) {
      shape.serviceConnectDefaults(
          ShapeText.fill(
                  cluster.serviceConnectDefaults().json(), ClusterServiceConnectDefaults.builder())
              .build());
    }
    return shape.build();
  }

  private static boolean isThere(Declared declared) {
    return !declared.isNothing();
  }

  private static CapacityProviderStrategyItem item(CapacityProviderUse use) {
    return CapacityProviderStrategyItem.builder()
        .capacityProvider(use.provider())
        .weight(use.weight())
        .base(use.base())
        .build();
  }

  private static List<ClusterSetting> settings(Map<String, String> declared) {
    // A cluster that came to be by its first use has declared nothing.
    var settings = new HashMap<>(Map.of(CONTAINER_INSIGHTS, "disabled"));
    settings.putAll(declared);
    return settings.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(it -> ClusterSetting.builder().name(it.getKey()).value(it.getValue()).build())
        .toList();
  }

  /** All tasks are Fargate's; there are no services yet. */
  private static List<KeyValuePair> statistics(View view) {
    return List.of(
        statistic("runningEC2TasksCount", 0),
        statistic("runningFargateTasksCount", view.runningCount()),
        statistic("pendingEC2TasksCount", 0),
        statistic("pendingFargateTasksCount", view.pendingCount()),
        statistic("runningExternalTasksCount", 0),
        statistic("pendingExternalTasksCount", 0),
        statistic("activeEC2ServiceCount", 0),
        statistic("activeFargateServiceCount", 0),
        statistic("drainingEC2ServiceCount", 0),
        statistic("drainingFargateServiceCount", 0),
        statistic("activeExternalServiceCount", 0),
        statistic("drainingExternalServiceCount", 0));
  }

  private static KeyValuePair statistic(String name, int value) {
    return KeyValuePair.builder().name(name).value(Integer.toString(value)).build();
  }
}
