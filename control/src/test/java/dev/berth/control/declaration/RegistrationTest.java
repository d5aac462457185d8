package dev.berth.control.declaration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.berth.model.Declared;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RegistrationTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** A plain declaration, with members of the task and of its container added or replaced. */
  private static Declared fargate(String ofTask, String ofContainer) {
    return new Declared(
        """
        {"family": "web", "requiresCompatibilities": ["FARGATE"], "networkMode": "awsvpc",
         "cpu": "256", "memory": "512",
         "containerDefinitions": [{"name": "app", "image": "nginx"$C}]$T}
        """
            .replace("$T", ofTask.isEmpty() ? "" : ", " + ofTask)
            .replace("$C", ofContainer.isEmpty() ? "" : ", " + ofContainer));
  }

  @Test
  void aPlainDeclarationHasNothingWrong() {
    assertThat(Registration.violations(fargate("", ""))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          "cpu": "1024", "memory": "1024" | cpu | No Fargate configuration exists for given values: 1024 CPU, 1024 memory. See the Amazon ECS documentation for the valid values.
          "cpu": "1 vCPU", "memory": "1 GB" | cpu | No Fargate configuration exists for given values: 1024 CPU, 1024 memory. See the Amazon ECS documentation for the valid values.
          "cpu": "" | cpu | Fargate requires that 'cpu' be defined at the task level.
          "memory": "" | memory | Fargate requires that 'memory' be defined at the task level.
          "cpu": "much" | cpu | Invalid 'cpu' setting for task.
          "family": "a b" | family | Family contains invalid characters.
          "networkMode": "bridge" | networkMode | Fargate only supports network mode ‘awsvpc’.
          "ipcMode": "task" | ipcMode | Fargate compatible task definitions do not support ipcMode.
          "pidMode": "host" | pidMode | Tasks using the Fargate launch type do not support pidMode 'host'. The supported value for pidMode is 'task'.
          "placementConstraints": [{"type": "memberOf"}] | placementConstraints | Fargate compatible task definitions do not support placementConstraints.
          "volumes": [{"name": "v", "dockerVolumeConfiguration": {"driver": "d"}}] | volumes[0].dockerVolumeConfiguration | Fargate compatible task definitions do not support dockerVolumeConfiguration.
          "volumes": [{"name": "u"}, {"name": "v", "host": {"sourcePath": "/etc"}}] | volumes[1].host.sourcePath | Fargate compatible task definitions do not support sourcePath.
          "ephemeralStorage": {"sizeInGiB": 20} | ephemeralStorage.sizeInGiB | EphemeralStorage size should be at least 21
          "ephemeralStorage": {"sizeInGiB": 201} | ephemeralStorage.sizeInGiB | EphemeralStorage size should be at most 200
          "runtimePlatform": {"operatingSystemFamily": "WINDOWS_SERVER_2022_CORE"} | runtimePlatform.operatingSystemFamily | The operating system WINDOWS_SERVER_2022_CORE is not supported here. Use LINUX.
          "containerDefinitions": [] | containerDefinitions | Container list cannot be empty.
          """)
  void whatATaskMayNotHaveIsRefusedByItsPath(String ofTask, String path, String message) {
    assertThat(Registration.violations(fargate(ofTask, ""))).contains(new Violation(path, message));
    assertThatThrownBy(() -> Registration.normalForm(fargate(ofTask, "")))
        .isInstanceOf(InvalidDeclaration.class)
        .hasMessage(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          "name": "" | name | Container.name should not be null or empty.
          "name": "a b" | name | Container.name contains invalid characters.
          "image": "" | image | Container.image should not be null or empty.
          "image": "a b" | image | Container.image contains invalid characters.
          "memory": 513 | memory | The 'memory' setting for container 'app' is greater than for the task.
          "memory": 5 | memory | Invalid setting for container 'app'. 'memory' and 'memoryReservation' must be at least 6.
          "memory": 64, "memoryReservation": 65 | memory | Invalid setting for container 'app'. 'memory' must not be less than 'memoryReservation'.
          "privileged": true | privileged | Fargate requires that the 'privileged' setting be 'false'.
          "linuxParameters": {"devices": [{"hostPath": "/dev/x"}]} | linuxParameters.devices | Fargate compatible task definitions do not support devices.
          "linuxParameters": {"sharedMemorySize": 64} | linuxParameters.sharedMemorySize | Fargate compatible task definitions do not support sharedMemorySize.
          "linuxParameters": {"maxSwap": 64} | linuxParameters.maxSwap | Fargate compatible task definitions do not support maxSwap.
          "linuxParameters": {"swappiness": 9} | linuxParameters.swappiness | Fargate compatible task definitions do not support swappiness.
          "linuxParameters": {"capabilities": {"add": ["SYS_PTRACE", "NET_ADMIN"]}} | linuxParameters.capabilities.add | NET_ADMIN is not allowed on Fargate.
          "dockerSecurityOptions": ["x"] | dockerSecurityOptions | Fargate compatible task definitions do not support dockerSecurityOptions.
          "links": ["x"] | links | Fargate compatible task definitions do not support links.
          "resourceRequirements": [{"type": "GPU", "value": "1"}] | resourceRequirements | Tasks using the Fargate launch type do not support GPU resource requirements.
          "logConfiguration": {"logDriver": "syslog"} | logConfiguration.logDriver | syslog is not a valid log driver. Must be one of [awslogs, splunk, awsfirelens]
          "logConfiguration": {"logDriver": "awslogs", "options": {"awslogs-region": "r", "awslogs-group": "g"}} | logConfiguration.logDriver | Fargate requires task definition to have execution role ARN to support log driver awslogs.
          "secrets": [{"name": "A", "valueFrom": "b"}] | secrets | When you are specifying container secrets, you must also specify a value for 'executionRoleArn'.
          "logConfiguration": {"logDriver": "awsfirelens"}, "firelensConfiguration": {"type": "fluentd", "options": {"config-file-type": "s3"}} | firelensConfiguration.options | Fargate launch type does not support FirelensConfiguration config file from 's3'
          "portMappings": [{"containerPort": 80, "hostPort": 81}] | portMappings[0].hostPort | When networkMode=awsvpc, the host ports and container ports in port mappings must match.
          "portMappings": [{"containerPort": 65536}] | portMappings[0].containerPort | Invalid setting for container 'app'. 'containerPort' must be between 1 and 65535.
          "hostname": "h" | hostname | hostname is not supported on container when networkMode=awsvpc.
          "dnsServers": ["1.1.1.1"] | dnsServers | DNS servers are not supported on container when networkMode=awsvpc.
          "mountPoints": [{"sourceVolume": "v"}] | mountPoints[0].sourceVolume | Unknown volume 'v'.
          "stopTimeout": 121 | stopTimeout | 'stopTimeout' is 121 but must be between 2 and 120.
          "startTimeout": 1 | startTimeout | 'startTimeout' is 1 but must be between 2 and 120.
          "healthCheck": {"command": ["curl"]} | healthCheck.command | The healthCheck command must start with CMD or CMD-SHELL.
          "healthCheck": {"command": ["CMD", "x"], "interval": 4} | healthCheck.interval | healthCheck: 'interval' is 4 but must be between 5 and 300.
          "restartPolicy": {"enabled": true, "restartAttemptPeriod": 59} | restartPolicy.restartAttemptPeriod | restartPolicy: 'restartAttemptPeriod' is 59 but must be between 60 and 1800.
          "dependsOn": [{"containerName": "db", "condition": "START"}] | dependsOn[0].containerName | Invalid setting for container 'app'. Unknown container 'db' in dependsOn.
          """)
  void whatAContainerMayNotHaveIsRefusedByItsPath(String ofContainer, String path, String message) {
    assertThat(Registration.violations(fargate("", ofContainer)))
        .contains(new Violation("containerDefinitions[0]." + path, message));
    assertThatThrownBy(() -> Registration.normalForm(fargate("", ofContainer)))
        .isInstanceOf(InvalidDeclaration.class)
        .hasMessage(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"name": "a", "image": "i"}, {"name": "a", "image": "i"} | Container.name 'a' is not unique in the task definition.
          {"name": "a", "image": "i", "essential": false} | Task definition doesn't have any essential container.
          {"name": "a", "image": "i", "cpu": 200}, {"name": "b", "image": "i", "cpu": 57} | The sum of all container 'cpu' values cannot be greater than the value of the task 'cpu'.
          {"name": "a", "image": "i", "dependsOn": [{"containerName": "b", "condition": "SUCCESS"}]}, {"name": "b", "image": "i"} | A dependency container with SUCCESS or COMPLETE condition cannot be an essential container.
          {"name": "a", "image": "i", "dependsOn": [{"containerName": "b", "condition": "START"}]}, {"name": "b", "image": "i", "dependsOn": [{"containerName": "a", "condition": "START"}]} | The containers' dependencies form a circle.
          {"name": "a", "image": "i", "dependsOn": [{"containerName": "b", "condition": "HEALTHY"}]}, {"name": "b", "image": "i"} | Invalid setting for container 'a'. The dependency container 'b' with HEALTHY condition must have a health check.
          """)
  void whatContainersMayNotBeToOneAnotherIsRefused(String containers, String message) {
    var declared = fargate("\"containerDefinitions\": [" + containers + "]", "");

    assertThatThrownBy(() -> Registration.normalForm(declared)).hasMessage(message);
  }

  @Test
  void everyFaultOfOneMemberIsFoundByItsOwnPath() {
    var declared =
        fargate(
            "",
            """
            "healthCheck": {"command": ["CMD", "x"], "interval": 1, "retries": 11},
            "mountPoints": [{"sourceVolume": "u"}, {"sourceVolume": "v"}],
            "ulimits": [{"name": "core", "softLimit": 2, "hardLimit": 1}]
            """);

    assertThat(Registration.violations(declared))
        .extracting(Violation::path)
        .containsExactly(
            "containerDefinitions[0].mountPoints[0].sourceVolume",
            "containerDefinitions[0].mountPoints[1].sourceVolume",
            "containerDefinitions[0].healthCheck.interval",
            "containerDefinitions[0].healthCheck.retries",
            "containerDefinitions[0].ulimits[0].softLimit");
  }

  @Test
  void allViolationsAreFoundAndTheFirstIsAnswered() {
    var declared =
        fargate("\"pidMode\": \"host\"", "\"privileged\": true, \"links\": [\"x\"], \"memory\": 1");

    assertThat(Registration.violations(declared))
        .extracting(Violation::path)
        .containsExactly(
            "containerDefinitions[0].memory",
            "containerDefinitions[0].privileged",
            "containerDefinitions[0].links",
            "pidMode");
    assertThatThrownBy(() -> Registration.normalForm(declared))
        .hasMessageContaining("must be at least 6");
  }

  @Test
  void whatWasLeftOutIsFilledInAsAwsShowsIt() throws Exception {
    var declared =
        new Declared(
            """
            {"family": "web", "requiresCompatibilities": ["FARGATE"], "cpu": "0.5 vCPU",
             "memory": "1GB", "executionRoleArn": "r", "tags": [{"key": "a", "value": "b"}],
             "containerDefinitions": [{"name": "app", "image": "nginx",
               "portMappings": [{"containerPort": 80}],
               "healthCheck": {"command": ["CMD-SHELL", "true"], "interval": 10},
               "logConfiguration": {"logDriver": "awslogs", "options": {"awslogs-group": "g",
                 "awslogs-region": "r", "awslogs-stream-prefix": "p"}}}]}
            """);

    assertThat(JSON.readTree(Registration.normalForm(declared).json()))
        .isEqualTo(
            JSON.readTree(
                """
                {"requiresCompatibilities": ["FARGATE"], "networkMode": "awsvpc", "cpu": "512",
                 "memory": "1024", "executionRoleArn": "r", "volumes": [],
                 "placementConstraints": [],
                 "containerDefinitions": [{"name": "app", "image": "nginx", "cpu": 0,
                   "essential": true, "environment": [], "mountPoints": [], "volumesFrom": [],
                   "systemControls": [],
                   "portMappings": [{"containerPort": 80, "hostPort": 80, "protocol": "tcp"}],
                   "healthCheck": {"command": ["CMD-SHELL", "true"], "interval": 10, "timeout": 5,
                     "retries": 3},
                   "logConfiguration": {"logDriver": "awslogs", "options": {"awslogs-group": "g",
                     "awslogs-region": "r", "awslogs-stream-prefix": "p"},
                     "secretOptions": []}}]}
                """));
  }

  @Test
  void theNormalFormOfANormalFormIsTheSame() throws InvalidDeclaration {
    Declared once =
        Registration.normalForm(fargate("", "\"portMappings\": [{\"containerPort\": 1}]"));
    var again = new Declared(once.json().replaceFirst("\\{", "{\"family\": \"web\", "));

    assertThat(Registration.normalForm(again).json()).hasSameSizeAs(once.json());
  }

  @Test
  void aDefinitionThatDoesNotAskForFargateMayStillSuitIt() throws InvalidDeclaration {
    var suits =
        """
        {"family": "f", "networkMode": "awsvpc", "cpu": "256", "memory": "512",
         "containerDefinitions": [{"name": "a", "image": "i"}]}
        """;
    var doesNot =
        """
        {"family": "f", "containerDefinitions": [{"name": "a", "image": "i", "memory": 64}]}
        """;

    assertThat(Compatibilities.of(Registration.normalForm(new Declared(suits))))
        .isEqualTo(List.of("EC2", "FARGATE"));
    assertThat(Compatibilities.of(Registration.normalForm(new Declared(doesNot))))
        .isEqualTo(List.of("EXTERNAL", "EC2"));
    assertThatThrownBy(
            () -> Registration.normalForm(new Declared(doesNot.replace(", \"memory\": 64", ""))))
        .hasMessage(
            "Invalid setting for container 'a'. At least one of 'memory' or 'memoryReservation'"
                + " must be specified.");
  }
}
