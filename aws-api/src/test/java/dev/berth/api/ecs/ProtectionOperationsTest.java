package dev.berth.api.ecs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.api.gateway.TestGateway;
import dev.berth.control.command.RunTask;
import dev.berth.control.command.TaskCommands;
import dev.berth.model.Declared;
import dev.berth.model.identity.AccountId;
import dev.berth.model.identity.Realm;
import dev.berth.model.identity.Region;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.ecs.model.ClusterNotFoundException;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.Failure;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;
import software.amazon.awssdk.services.ecs.model.NetworkMode;

/** Task protection, asked for by the real SDK. */
class ProtectionOperationsTest {
  private static final String UNKNOWN = "0".repeat(32);

  private final EcsRoom room = new EcsRoom();
  private String task = "";

  @BeforeEach
  void runATask() throws Exception {
    room.client.createCluster(it -> it.clusterName("default"));
    room.client.registerTaskDefinition(
        it ->
            it.family("web")
                .networkMode(NetworkMode.AWSVPC)
                .cpu("256")
                .memory("512")
                .requiresCompatibilitiesWithStrings("FARGATE")
                .containerDefinitions(
                    List.of(ContainerDefinition.builder().name("main").image("busybox").build())));
    var commands =
        new TaskCommands(
            room.ledger, InstantSource.system(), new Random(1), TaskCommands.NoCapacity.WAIT);
    task =
        commands
            .run(
                new RunTask(
                    new Realm(new AccountId("123456789012"), new Region(TestGateway.REGION)),
                    Optional.empty(),
                    "web",
                    1,
                    Optional.empty(),
                    List.of(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Declared.NOTHING,
                    Declared.NOTHING,
                    Map.of(),
                    false,
                    false,
                    Instant.now()))
            .tasks()
            .getFirst()
            .arn()
            .toString();
  }

  @AfterEach
  void stop() {
    room.close();
  }

  @Test
  void aTaskOfNoServiceIsNotOneToProtectAndAnUnknownOneIsMissing() {
    var failures =
        List.of(
            Failure.builder().arn(task).reason("TASK_NOT_VALID").build(),
            Failure.builder()
                .arn(EcsRoom.ARN + "task/default/" + UNKNOWN)
                .reason("MISSING")
                .build());

    var asked = room.client.getTaskProtection(it -> it.cluster("default").tasks(task, UNKNOWN));
    var wished =
        room.client.updateTaskProtection(
            it ->
                it.cluster("default")
                    .tasks(task, UNKNOWN)
                    .protectionEnabled(true)
                    .expiresInMinutes(2880));

    assertThat(asked.failures()).isEqualTo(failures);
    assertThat(asked.protectedTasks()).isEmpty();
    assertThat(wished.failures()).isEqualTo(failures);
    assertThat(wished.protectedTasks()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, 2881})
  void timeOutOfItsBoundsIsRefused(int minutes) {
    assertThatThrownBy(
            () ->
                room.client.updateTaskProtection(
                    it ->
                        it.cluster("default")
                            .tasks(task)
                            .protectionEnabled(true)
                            .expiresInMinutes(minutes)))
        .isInstanceOf(InvalidParameterException.class)
        .hasMessageContaining("between 1 and 2880");
  }

  @Test
  void tooManyTasksNoneAndAnotherClusterAreRefused() {
    assertThatThrownBy(
            () ->
                room.client.updateTaskProtection(
                    it ->
                        it.cluster("default")
                            .tasks(Collections.nCopies(11, task))
                            .protectionEnabled(true)))
        .isInstanceOf(InvalidParameterException.class)
        .hasMessageContaining("more than 10");
    assertThatThrownBy(() -> room.client.getTaskProtection(it -> it.cluster("default")))
        .isInstanceOf(InvalidParameterException.class);
    assertThatThrownBy(() -> room.client.getTaskProtection(it -> it.cluster("no").tasks(task)))
        .isInstanceOf(ClusterNotFoundException.class);
  }
}
