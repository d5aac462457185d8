package dev.berth.api.ecs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.ClientException;
import software.amazon.awssdk.services.ecs.model.Compatibility;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.Failure;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;
import software.amazon.awssdk.services.ecs.model.NetworkMode;
import software.amazon.awssdk.services.ecs.model.PortMapping;
import software.amazon.awssdk.services.ecs.model.RegisterTaskDefinitionResponse;
import software.amazon.awssdk.services.ecs.model.SortOrder;
import software.amazon.awssdk.services.ecs.model.Tag;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;
import software.amazon.awssdk.services.ecs.model.TaskDefinitionFamilyStatus;
import software.amazon.awssdk.services.ecs.model.TaskDefinitionField;
import software.amazon.awssdk.services.ecs.model.TaskDefinitionStatus;
import software.amazon.awssdk.services.ecs.model.TransportProtocol;

class TaskDefinitionOperationsTest {
  private static final String ARN = EcsRoom.ARN + "task-definition/";

  private final EcsRoom room = new EcsRoom();

  @AfterEach
  void stop() {
    room.close();
  }

  @Test
  void whatIsRegisteredIsShownFilledIn() {
    TaskDefinition registered = register("web").taskDefinition();

    assertThat(registered.taskDefinitionArn()).isEqualTo(ARN + "web:1");
    assertThat(registered.status()).isEqualTo(TaskDefinitionStatus.ACTIVE);
    assertThat(registered.networkMode()).isEqualTo(NetworkMode.AWSVPC);
    assertThat(registered.cpu()).isEqualTo("1024");
    assertThat(registered.memory()).isEqualTo("2048");
    assertThat(registered.compatibilities())
        .containsExactly(Compatibility.EC2, Compatibility.FARGATE);
    assertThat(registered.registeredBy()).isEqualTo("arn:aws:iam::123456789012:root");
    assertThat(registered.registeredAt()).isNotNull();
    assertThat(registered.requiresAttributes())
        .extracting(it -> it.name())
        .contains("ecs.capability.task-eni");
    assertThat(registered.containerDefinitions().getFirst())
        .satisfies(
            container -> {
              assertThat(container.essential()).isTrue();
              assertThat(container.cpu()).isZero();
              assertThat(container.hasEnvironment()).isTrue();
              assertThat(container.portMappings().getFirst().hostPort()).isEqualTo(80);
              assertThat(container.portMappings().getFirst().protocol())
                  .isEqualTo(TransportProtocol.TCP);
            });
    assertThat(room.client.describeTaskDefinition(it -> it.taskDefinition("web")).taskDefinition())
        .isEqualTo(registered);
  }

  @Test
  void tagsAreShownToWhoAsks() {
    register("web");

    assertThat(room.client.describeTaskDefinition(it -> it.taskDefinition("web")).tags()).isEmpty();
    assertThat(
            room.client
                .describeTaskDefinition(
                    it -> it.taskDefinition("web:1").include(TaskDefinitionField.TAGS))
                .tags())
        .containsExactly(Tag.builder().key("team").value("a").build());
  }

  @Test
  void aRefusalIsAClientException() {
    assertThatThrownBy(
            () ->
                room.client.registerTaskDefinition(
                    it ->
                        it.family("web")
                            .requiresCompatibilities(Compatibility.FARGATE)
                            .cpu("1024")
                            .memory("1024")
                            .containerDefinitions(container())))
        .isInstanceOf(ClientException.class)
        .hasMessageContaining(
            "No Fargate configuration exists for given values: 1024 CPU, 1024 memory.");
    assertThatThrownBy(() -> room.client.describeTaskDefinition(it -> it.taskDefinition("nope")))
        .isInstanceOf(ClientException.class)
        .hasMessageContaining("Unable to describe task definition.");
    assertThatThrownBy(() -> room.client.deregisterTaskDefinition(it -> it.taskDefinition("web")))
        .isInstanceOf(InvalidParameterException.class)
        .hasMessageContaining("Revision is missing.");
  }

  @Test
  void listsComeInOrderPageByPage() {
    for (int i = 0; i < 11; i++) {
      register("web");
    }
    register("web-api");
    register("db");

    var arns = new ArrayList<String>();
    room.client
        .listTaskDefinitionsPaginator(
            it -> it.familyPrefix("web").sort(SortOrder.DESC).maxResults(4))
        .forEach(page -> arns.addAll(page.taskDefinitionArns()));

    assertThat(arns).hasSize(11).startsWith(ARN + "web:11", ARN + "web:10").endsWith(ARN + "web:1");
    assertThat(room.client.listTaskDefinitions().taskDefinitionArns())
        .hasSize(13)
        .startsWith(ARN + "db:1", ARN + "web:1", ARN + "web:2")
        .endsWith(ARN + "web:11", ARN + "web-api:1");
    assertThatThrownBy(() -> room.client.listTaskDefinitions(it -> it.maxResults(101)))
        .isInstanceOf(InvalidParameterException.class)
        .hasMessageContaining("maxResults");
  }

  @Test
  void familiesAreListedByPrefixAndByWhetherTheyAreInUse() {
    register("web");
    register("web-api");
    register("db");
    room.client.deregisterTaskDefinition(it -> it.taskDefinition("web:1"));

    assertThat(families("", TaskDefinitionFamilyStatus.ALL))
        .containsExactly("db", "web", "web-api");
    assertThat(families("we", TaskDefinitionFamilyStatus.ACTIVE)).containsExactly("web-api");
    assertThat(families("we", TaskDefinitionFamilyStatus.INACTIVE)).containsExactly("web");
  }

  @Test
  void whatIsDeregisteredMayBeDeleted() {
    register("web");
    register("web");
    TaskDefinition gone =
        room.client.deregisterTaskDefinition(it -> it.taskDefinition("web:1")).taskDefinition();

    var response =
        room.client.deleteTaskDefinitions(
            it -> it.taskDefinitions("web:1", ARN + "web:2", "web:3"));

    assertThat(gone.status()).isEqualTo(TaskDefinitionStatus.INACTIVE);
    assertThat(gone.deregisteredAt()).isNotNull();
    assertThat(response.taskDefinitions())
        .extracting(TaskDefinition::status)
        .containsExactly(TaskDefinitionStatus.DELETE_IN_PROGRESS);
    assertThat(response.failures())
        .extracting(Failure::arn)
        .containsExactly(ARN + "web:2", "web:3");
    assertThat(
            room.client
                .listTaskDefinitions(it -> it.status(TaskDefinitionStatus.DELETE_IN_PROGRESS))
                .taskDefinitionArns())
        .containsExactly(ARN + "web:1");
  }

  @Test
  void theCliRegistersAndReadsBack() throws Exception {
    String registered =
        room.cli(
            "ecs",
            "register-task-definition",
            "--family",
            "hello",
            "--requires-compatibilities",
            "FARGATE",
            "--cpu",
            "256",
            "--memory",
            "0.5GB",
            "--tags",
            "key=a,value=b",
            "--container-definitions",
            "[{\"name\": \"main\", \"image\": \"berth/welcome\"}]");

    var shown = new ObjectMapper().readTree(registered);
    assertThat(shown.at("/taskDefinition/memory").asText()).isEqualTo("512");
    assertThat(shown.at("/taskDefinition/containerDefinitions/0").toString())
        .isEqualTo(
            "{\"name\":\"main\",\"image\":\"berth/welcome\",\"cpu\":0,\"portMappings\":[],"
                + "\"essential\":true,\"environment\":[],\"mountPoints\":[],\"volumesFrom\":[],"
                + "\"systemControls\":[]}");
    assertThat(shown.at("/tags/0/key").asText()).isEqualTo("a");
    assertThat(room.cli("ecs", "list-task-definitions")).contains(ARN + "hello:1");
    assertThat(
            room.cli(
                "ecs",
                "register-task-definition",
                "--family",
                "hello",
                "--requires-compatibilities",
                "FARGATE",
                "--cpu",
                "256",
                "--memory",
                "512",
                "--container-definitions",
                "[{\"name\": \"main\", \"image\": \"i\", \"privileged\": true}]"))
        .contains(
            "(ClientException)", "Fargate requires that the 'privileged' setting be 'false'.");
  }

  private List<String> families(String prefix, TaskDefinitionFamilyStatus status) {
    return room.client
        .listTaskDefinitionFamilies(it -> it.familyPrefix(prefix).status(status))
        .families();
  }

  private RegisterTaskDefinitionResponse register(String family) {
    return room.client.registerTaskDefinition(
        it ->
            it.family(family)
                .requiresCompatibilities(Compatibility.FARGATE)
                .cpu("1 vCPU")
                .memory("2GB")
                .containerDefinitions(container())
                .tags(Tag.builder().key("team").value("a").build()));
  }

  private static ContainerDefinition container() {
    return ContainerDefinition.builder()
        .name("app")
        .image("nginx")
        .portMappings(PortMapping.builder().containerPort(80).build())
        .build();
  }
}
