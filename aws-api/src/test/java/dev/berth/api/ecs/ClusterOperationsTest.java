package dev.berth.api.ecs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.CapacityProvider;
import software.amazon.awssdk.services.ecs.model.CapacityProviderStrategyItem;
import software.amazon.awssdk.services.ecs.model.Cluster;
import software.amazon.awssdk.services.ecs.model.ClusterField;
import software.amazon.awssdk.services.ecs.model.ClusterNotFoundException;
import software.amazon.awssdk.services.ecs.model.ClusterSetting;
import software.amazon.awssdk.services.ecs.model.ClusterSettingName;
import software.amazon.awssdk.services.ecs.model.ExecuteCommandLogging;
import software.amazon.awssdk.services.ecs.model.Failure;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;
import software.amazon.awssdk.services.ecs.model.SettingName;
import software.amazon.awssdk.services.ecs.model.Tag;

class ClusterOperationsTest {
  private static final String ARN = EcsRoom.ARN + "cluster/";

  private final EcsRoom room = new EcsRoom();

  @AfterEach
  void stop() {
    room.close();
  }

  @Test
  void aClusterShowsOnlyWhatIsAskedFor() {
    room.client.createCluster(
        it ->
            it.clusterName("web")
                .tags(Tag.builder().key("team").value("a").build())
                .serviceConnectDefaults(d -> d.namespace("space"))
                .configuration(
                    c ->
                        c.executeCommandConfiguration(e -> e.logging(ExecuteCommandLogging.NONE))));

    Cluster bare = describe("web").getFirst();
    Cluster whole =
        describe("web", ClusterField.knownValues().toArray(ClusterField[]::new)).getFirst();

    assertThat(bare.clusterArn()).isEqualTo(ARN + "web");
    assertThat(bare.status()).isEqualTo("ACTIVE");
    assertThat(bare.tags()).isEmpty();
    assertThat(bare.settings()).isEmpty();
    assertThat(bare.statistics()).isEmpty();
    assertThat(bare.configuration()).isNull();
    assertThat(whole.tags()).extracting(Tag::value).containsExactly("a");
    assertThat(whole.settings()).containsExactly(insights("disabled"));
    assertThat(whole.statistics()).extracting(it -> it.name()).contains("runningFargateTasksCount");
    assertThat(whole.configuration().executeCommandConfiguration().logging())
        .isEqualTo(ExecuteCommandLogging.NONE);
    assertThat(whole.serviceConnectDefaults().namespace()).isEqualTo("space");
    assertThat(whole.hasAttachments()).isTrue();
  }

  @Test
  void whatIsMissingOrElsewhereIsAFailureAndNoError() {
    room.client.createCluster(it -> it.clusterName("web"));
    String theirs = "arn:aws:ecs:lab-9:999999999999:cluster/web";

    var response = room.client.describeClusters(it -> it.clusters("web", "gone", theirs));

    assertThat(response.clusters()).extracting(Cluster::clusterName).containsExactly("web");
    assertThat(response.failures()).extracting(Failure::arn).containsExactly(ARN + "gone", theirs);
    assertThat(response.failures()).extracting(Failure::reason).containsOnly("MISSING");
    assertThat(room.client.describeClusters().failures())
        .extracting(Failure::arn)
        .containsExactly(ARN + "default");
  }

  @Test
  void clustersAreListedPageByPage() {
    for (String name : List.of("c", "a", "b")) {
      room.client.createCluster(it -> it.clusterName(name));
    }
    room.client.deleteCluster(it -> it.cluster("b"));

    var arns = new ArrayList<String>();
    room.client
        .listClustersPaginator(it -> it.maxResults(1))
        .forEach(page -> arns.addAll(page.clusterArns()));

    assertThat(arns).containsExactly(ARN + "a", ARN + "c");
  }

  @Test
  void settingsAndConfigurationChangeApart() {
    room.client.createCluster(it -> it.clusterName("web"));

    room.client.updateClusterSettings(it -> it.cluster("web").settings(insights("enabled")));
    Cluster updated =
        room.client
            .updateCluster(
                it -> it.cluster(ARN + "web").serviceConnectDefaults(d -> d.namespace("n")))
            .cluster();

    assertThat(updated.settings()).containsExactly(insights("enabled"));
    assertThat(updated.serviceConnectDefaults().namespace()).isEqualTo("n");
    assertThatThrownBy(
            () ->
                room.client.updateClusterSettings(
                    it -> it.cluster("web").settings(insights("perhaps"))))
        .isInstanceOf(InvalidParameterException.class)
        .hasMessageContaining("'containerInsights' cannot be 'perhaps'");
  }

  @Test
  void anAccountsInsightsAreANewClusters() {
    room.client.putAccountSettingDefault(
        it -> it.name(SettingName.CONTAINER_INSIGHTS).value("enhanced"));

    Cluster created = room.client.createCluster(it -> it.clusterName("web")).cluster();

    assertThat(created.settings()).containsExactly(insights("enhanced"));
  }

  @Test
  void aStrategyUsesTheClustersOwnProviders() {
    room.client.createCluster(it -> it.clusterName("web"));
    var spot = CapacityProviderStrategyItem.builder().capacityProvider("FARGATE_SPOT").weight(1);

    Cluster put =
        room.client
            .putClusterCapacityProviders(
                it ->
                    it.cluster("web")
                        .capacityProviders("FARGATE", "FARGATE_SPOT")
                        .defaultCapacityProviderStrategy(spot.base(2).build()))
            .cluster();

    assertThat(put.capacityProviders()).containsExactly("FARGATE", "FARGATE_SPOT");
    assertThat(put.defaultCapacityProviderStrategy()).containsExactly(spot.build());
    assertThat(describe("web").getFirst().capacityProviders()).hasSize(2);
    assertThatThrownBy(
            () ->
                room.client.putClusterCapacityProviders(
                    it ->
                        it.cluster("web")
                            .capacityProviders("FARGATE")
                            .defaultCapacityProviderStrategy(spot.build())))
        .isInstanceOf(InvalidParameterException.class)
        .hasMessageContaining("not associated with the cluster");
    assertThatThrownBy(
            () ->
                room.client.putClusterCapacityProviders(
                    it ->
                        it.cluster("web")
                            .capacityProviders("mine")
                            .defaultCapacityProviderStrategy(List.of())))
        .isInstanceOf(InvalidParameterException.class)
        .hasMessageContaining("The specified capacity provider 'mine' was not found.");
  }

  @Test
  void theTwoCapacityProvidersAreDescribed() {
    assertThat(room.client.describeCapacityProviders(it -> {}).capacityProviders())
        .extracting(CapacityProvider::name)
        .containsExactly("FARGATE", "FARGATE_SPOT");
    var response =
        room.client.describeCapacityProviders(it -> it.capacityProviders("FARGATE", "mine"));
    assertThat(response.capacityProviders())
        .extracting(CapacityProvider::capacityProviderArn)
        .containsExactly(EcsRoom.ARN + "capacity-provider/FARGATE");
    assertThat(response.failures()).extracting(Failure::arn).containsExactly("mine");
  }

  @Test
  void aDeletedClusterIsInactiveAndAnUnknownOneNotFound() {
    room.client.createCluster(it -> it.clusterName("web"));

    assertThat(room.client.deleteCluster(it -> it.cluster(ARN + "web")).cluster().status())
        .isEqualTo("INACTIVE");
    assertThat(describe("web").getFirst().status()).isEqualTo("INACTIVE");
    assertThatThrownBy(() -> room.client.deleteCluster(it -> it.cluster("other")))
        .isInstanceOf(ClusterNotFoundException.class)
        .hasMessageContaining("Cluster not found.");
    assertThatThrownBy(() -> room.client.createCluster(it -> it.clusterName("a b")))
        .isInstanceOf(InvalidParameterException.class)
        .hasMessageContaining("'a b'");
  }

  @Test
  void theCliCreatesDescribesAndDeletes() throws Exception {
    assertThat(room.cli("ecs", "create-cluster", "--cluster-name", "web")).contains(ARN + "web");
    assertThat(room.cli("ecs", "describe-clusters", "--clusters", "web", "--include", "SETTINGS"))
        .contains("containerInsights", "\"status\": \"ACTIVE\"");
    assertThat(room.cli("ecs", "delete-cluster", "--cluster", "web")).contains("INACTIVE");
    assertThat(room.cli("ecs", "delete-cluster", "--cluster", "nope"))
        .contains("(ClusterNotFoundException)", "Cluster not found.");
  }

  private List<Cluster> describe(String name, ClusterField... include) {
    return room.client.describeClusters(it -> it.clusters(name).include(include)).clusters();
  }

  private static ClusterSetting insights(String value) {
    return ClusterSetting.builder()
        .name(ClusterSettingName.CONTAINER_INSIGHTS)
        .value(value)
        .build();
  }
}
