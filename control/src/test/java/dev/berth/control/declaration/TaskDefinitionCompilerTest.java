package dev.berth.control.declaration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.berth.model.Declared;
import dev.berth.model.task.ContainerSpec;
import dev.berth.model.task.LinuxParameters;
import dev.berth.model.task.TaskSize;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class TaskDefinitionCompilerTest {
  private static final Declared TWO_CONTAINERS =
      new Declared(
          """
          {"cpu": "512", "memory": "1024", "containerDefinitions": [
            {"name": "web", "image": "nginx", "cpu": 256, "memory": 512, "command": ["a"],
             "environment": [{"name": "A", "value": "1"}, {"name": "B", "value": "2"}]},
            {"name": "side", "image": "busybox", "essential": false, "command": []}]}
          """);

  @Test
  void whatIsNotDeclaredIsAsOnAws() throws InvalidDeclaration {
    CompiledTask task = TaskDefinitionCompiler.compile(TWO_CONTAINERS, Declared.NOTHING);

    assertThat(task.size()).isEqualTo(new TaskSize(512, 1024));
    assertThat(task.architecture()).isEqualTo("X86_64");
    assertThat(task.containers()).extracting(ContainerSpec::name).containsExactly("web", "side");
    assertThat(task.containers().get(1))
        .isEqualTo(
            new ContainerSpec(
                "side",
                "busybox",
                false,
                Optional.empty(),
                Optional.empty(),
                Map.of(),
                Optional.empty(),
                Optional.empty(),
                0,
                OptionalInt.empty(),
                OptionalInt.empty(),
                30,
                false,
                false,
                false,
                LinuxParameters.NONE,
                Optional.empty(),
                Optional.empty(),
                Optional.empty()));
  }

  @Test
  void everythingOfAContainerIsCompiled() throws InvalidDeclaration {
    var declared =
        new Declared(
            """
            {"cpu": "1 vCPU", "memory": "2GB", "runtimePlatform": {"cpuArchitecture": "ARM64"},
             "containerDefinitions": [{"name": "a", "image": "i", "entryPoint": ["e"],
               "user": "1:2", "workingDirectory": "/w", "memoryReservation": 64, "stopTimeout": 5,
               "readonlyRootFilesystem": true, "interactive": true, "pseudoTerminal": true,
               "ulimits": [{"name": "nofile", "softLimit": 10, "hardLimit": 20}],
               "systemControls": [{"namespace": "net.core.somaxconn", "value": "9"}],
               "linuxParameters": {"initProcessEnabled": true,
                 "capabilities": {"add": ["SYS_PTRACE"], "drop": ["ALL"]},
                 "tmpfs": [{"containerPath": "/t", "size": 3, "mountOptions": ["noexec"]}]}}]}
            """);

    CompiledTask task = TaskDefinitionCompiler.compile(declared, Declared.NOTHING);

    assertThat(task.size()).isEqualTo(new TaskSize(1024, 2048));
    assertThat(task.architecture()).isEqualTo("ARM64");
    ContainerSpec container = task.containers().getFirst();
    assertThat(container.entryPoint()).contains(List.of("e"));
    assertThat(container.user()).contains("1:2");
    assertThat(container.workingDirectory()).contains("/w");
    assertThat(container.memoryReservationMib()).hasValue(64);
    assertThat(container.stopTimeoutSeconds()).isEqualTo(5);
    assertThat(container.readonlyRootFilesystem()).isTrue();
    assertThat(container.interactive()).isTrue();
    assertThat(container.pseudoTerminal()).isTrue();
    assertThat(container.linux())
        .isEqualTo(
            new LinuxParameters(
                List.of("SYS_PTRACE"),
                List.of("ALL"),
                true,
                List.of(new LinuxParameters.Ulimit("nofile", 10, 20)),
                List.of(new LinuxParameters.Tmpfs("/t", 3, List.of("noexec"))),
                Map.of("net.core.somaxconn", "9")));
  }

  @Test
  void overridesAreStrongerAndLeaveTheRest() throws InvalidDeclaration {
    var overrides =
        new Declared(
            """
            {"cpu": "1024", "memory": "2 GB", "containerOverrides": [
              {"name": "web", "command": ["b", "c"], "cpu": 300, "memory": 700,
               "memoryReservation": 600,
               "environment": [{"name": "B", "value": "x"}, {"name": "C", "value": "3"}]}]}
            """);

    CompiledTask task = TaskDefinitionCompiler.compile(TWO_CONTAINERS, overrides);

    assertThat(task.size()).isEqualTo(new TaskSize(1024, 2048));
    ContainerSpec web = task.containers().getFirst();
    assertThat(web.command()).contains(List.of("b", "c"));
    assertThat(web.cpuUnits()).isEqualTo(300);
    assertThat(web.memoryMib()).hasValue(700);
    assertThat(web.memoryReservationMib()).hasValue(600);
    assertThat(web.environment()).isEqualTo(Map.of("A", "1", "B", "x", "C", "3"));
    assertThat(task.containers().get(1).command()).isEmpty();
  }

  @Test
  void anOverrideOfNoContainerIsRefusedByItsName() {
    assertRefused(
        "{\"containerOverrides\": [{\"name\": \"db\"}]}",
        "Override for container named db is not a container in the TaskDefinition.");
  }

  @Test
  void overridesCannotMakeASizeThatIsNotOffered() {
    assertRefused(
        "{\"memory\": \"512\"}",
        "No Fargate configuration exists for given values: 512 CPU, 512 memory. See the Amazon ECS"
            + " documentation for the valid values.");
    assertRefused(
        "{\"ephemeralStorage\": {\"sizeInGiB\": 20}}",
        "EphemeralStorage size should be at least 21");
    assertRefused(
        "{\"containerOverrides\": [{\"name\": \"web\", \"memory\": 1025}]}",
        "The 'memory' setting for container 'web' is greater than for the task.");
    assertRefused(
        "{\"containerOverrides\": [{\"name\": \"side\", \"cpu\": 257}]}",
        "The sum of all container 'cpu' values cannot be greater than the value of the task"
            + " 'cpu'.");
  }

  @Test
  void anOverrideCannotTakeTheNameOfASecret() {
    var declared =
        new Declared(
            """
            {"cpu": "256", "memory": "512", "executionRoleArn": "r", "containerDefinitions": [
              {"name": "a", "image": "i", "secrets": [{"name": "KEY", "valueFrom": "v"}]}]}
            """);
    var overrides =
        new Declared(
            """
            {"containerOverrides": [
              {"name": "a", "environment": [{"name": "KEY", "value": "x"}]}]}
            """);

    assertThatThrownBy(() -> TaskDefinitionCompiler.compile(declared, overrides))
        .hasMessage(
            "The secret name must be unique and not shared with any new or existing environment"
                + " variables set on the container, such as 'KEY'.");
  }

  private static void assertRefused(String overrides, String message) {
    assertThatThrownBy(
            () -> TaskDefinitionCompiler.compile(TWO_CONTAINERS, new Declared(overrides)))
        .isInstanceOf(InvalidDeclaration.class)
        .hasMessage(message);
  }

  @Test
  void anOverrideBringsNothingThatIsNotRun() {
    assertRefused(
        """
        {"containerOverrides": [
          {"name": "web", "resourceRequirements": [{"type": "GPU", "value": "1"}]}]}
        """,
        "Tasks using the Fargate launch type do not support GPU resource requirements.");
    assertRefused(
        """
        {"containerOverrides": [
          {"name": "web", "environmentFiles": [{"type": "s3", "value": "arn:aws:s3:::b/a.txt"}]}]}
        """,
        "An environment file must be the ARN of an S3 object whose name ends with '.env'.");
  }

  @Test
  void environmentFilesOfAnOverrideTakeThePlaceOfTheDeclaredOnes() throws InvalidDeclaration {
    var declared =
        new Declared(
            """
            {"cpu": "256", "memory": "512", "containerDefinitions": [
              {"name": "web", "image": "i", "environmentFiles": [
                {"type": "s3", "value": "arn:aws:s3:::b/1.env"},
                {"type": "s3", "value": "arn:aws:s3:::b/2.env"}]},
              {"name": "side", "image": "i", "environmentFiles": [
                {"type": "s3", "value": "arn:aws:s3:::b/1.env"}]}]}
            """);
    var overrides =
        new Declared(
            """
            {"containerOverrides": [{"name": "side", "environmentFiles": [
              {"type": "s3", "value": "arn:aws:s3:::b/3.env"}]}]}
            """);

    assertThat(TaskDefinitionCompiler.compile(declared, overrides).environmentFiles())
        .containsOnly(
            entry("web", List.of("arn:aws:s3:::b/1.env", "arn:aws:s3:::b/2.env")),
            entry("side", List.of("arn:aws:s3:::b/3.env")));
  }
}
