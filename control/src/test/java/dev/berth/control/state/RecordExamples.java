package dev.berth.control.state;

import dev.berth.control.state.Kind.Account;
import dev.berth.control.state.Kind.Family;
import dev.berth.control.state.Kind.FamilyId;
import dev.berth.control.state.Kind.RunToken;
import dev.berth.control.state.Kind.RunTokenId;
import dev.berth.control.state.Kind.SigningKey;
import dev.berth.model.Declared;
import dev.berth.model.account.AccountSetting;
import dev.berth.model.cluster.CapacityProviderUse;
import dev.berth.model.cluster.Cluster;
import dev.berth.model.cluster.ClusterId;
import dev.berth.model.host.Capacity;
import dev.berth.model.host.Host;
import dev.berth.model.host.HostFacts;
import dev.berth.model.host.HostId;
import dev.berth.model.identity.AccountId;
import dev.berth.model.identity.Realm;
import dev.berth.model.identity.Region;
import dev.berth.model.network.EniId;
import dev.berth.model.network.EniSpec;
import dev.berth.model.network.IpAddress;
import dev.berth.model.network.SecurityGroupId;
import dev.berth.model.network.SubnetId;
import dev.berth.model.network.VpcId;
import dev.berth.model.secret.Parameter;
import dev.berth.model.secret.ParameterId;
import dev.berth.model.secret.ParameterType;
import dev.berth.model.secret.ParameterVersion;
import dev.berth.model.secret.Sealed;
import dev.berth.model.secret.Secret;
import dev.berth.model.secret.SecretId;
import dev.berth.model.secret.SecretVersion;
import dev.berth.model.task.ContainerReport;
import dev.berth.model.task.ContainerSpec;
import dev.berth.model.task.LaunchTiming;
import dev.berth.model.task.LinuxParameters;
import dev.berth.model.task.StopCode;
import dev.berth.model.task.StopReason;
import dev.berth.model.task.Task;
import dev.berth.model.task.TaskDefinition;
import dev.berth.model.task.TaskDefinitionId;
import dev.berth.model.task.TaskId;
import dev.berth.model.task.TaskOrigin;
import dev.berth.model.task.TaskPhase;
import dev.berth.model.task.TaskReport;
import dev.berth.model.task.TaskSize;
import dev.berth.model.task.TaskSpec;
import dev.berth.model.task.TaskState;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One record of each kind with all that it can hold; maps have one entry, as theirs has no order.
 */
final class RecordExamples {
  private static final Realm REALM =
      new Realm(new AccountId("123456789012"), new Region("eu-west-1"));
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678Z");
  private static final HostId HOST_ID = new HostId("h1");
  private static final StopReason STOP = new StopReason(StopCode.USER_INITIATED, "enough");

  private RecordExamples() {}

  static final Cluster CLUSTER =
      new Cluster(
          new ClusterId(REALM, "web"),
          true,
          Map.of("containerInsights", "enabled"),
          new Declared("{\"executeCommandConfiguration\":{\"logging\":\"NONE\"}}"),
          new Declared("{\"namespace\":\"n\"}"),
          List.of("FARGATE", "FARGATE_SPOT"),
          List.of(new CapacityProviderUse("FARGATE_SPOT", 1, 2)),
          Map.of("team", "a"));

  static final Secret SECRET =
      new Secret(
          new SecretId(REALM, "web/key"),
          "a1B2c3",
          Optional.of("of the web"),
          Optional.of("alias/web"),
          Map.of("team", "a"),
          NOW,
          NOW.plusSeconds(1),
          Optional.of(NOW.plusSeconds(2)),
          Optional.of(NOW.plusSeconds(3)),
          List.of(
              new SecretVersion(
                  "11111111-2222-3333-4444-555555555555",
                  new Sealed("c2VhbGVk"),
                  true,
                  List.of("AWSCURRENT", "blue"),
                  NOW)));

  static final Parameter PARAMETER =
      new Parameter(
          new ParameterId(REALM, "/web/key"),
          ParameterType.SECURE_STRING,
          Map.of("team", "a"),
          List.of(
              new ParameterVersion(
                  3,
                  new Sealed("c2VhbGVk"),
                  Optional.of("of the web"),
                  Optional.of("alias/web"),
                  Optional.of(".*"),
                  "text",
                  "Standard",
                  "arn:aws:iam::123456789012:root",
                  NOW)));

  static final TaskDefinition TASK_DEFINITION =
      new TaskDefinition(
          new TaskDefinitionId(REALM, "web", 3),
          TaskDefinition.Status.INACTIVE,
          new Declared("{\"cpu\":\"256\",\"memory\":\"512\"}"),
          Map.of("team", "a"),
          NOW,
          "arn:aws:iam::123456789012:root",
          Optional.of(NOW.plusSeconds(1)));

  static final Family FAMILY = new Family(new FamilyId(REALM, "web"), 3);

  static final Host HOST =
      new Host(
          new HostFacts(
              HOST_ID, "boot", new Capacity(2048, 4096), "X86_64", "a", Map.of("disk", "ssd")),
          7,
          true,
          NOW);

  static final AccountSetting ACCOUNT_SETTING =
      new AccountSetting(
          new AccountSetting.Id(REALM, "arn:aws:iam::123456789012:root", "containerInsights"),
          "enabled");

  static final Task TASK =
      new Task(
          new TaskSpec(
              new TaskId("%032x".formatted(1)),
              REALM,
              "web",
              "web",
              3,
              new TaskSize(256, 512),
              List.of(container()),
              eni(),
              OptionalInt.empty(),
              Optional.empty()),
          new TaskOrigin(
              Optional.of("FARGATE"),
              Optional.of("FARGATE_SPOT"),
              "1.4.0",
              "X86_64",
              Optional.of("family:web"),
              Optional.of("me"),
              new Declared("{\"cpu\":\"256\"}"),
              new Declared("{\"awsvpcConfiguration\":{\"subnets\":[\"s\"]}}"),
              true,
              Optional.of("eu-west-1a")),
          new TaskState.Stopped(STOP, Optional.of(HOST_ID)),
          9,
          Map.of("team", "a"),
          NOW,
          Optional.of(NOW.plusSeconds(1)),
          Optional.of(NOW.plusSeconds(2)),
          Optional.of(new Task.PlacedOn(HOST_ID, "boot")),
          Optional.of("No host is connected."),
          Optional.of(report()),
          List.of(new LaunchTiming(LaunchTiming.Phase.COMMIT, 12, 34)));

  static final Account ACCOUNT = new Account(REALM.account(), NOW);

  static final SigningKey SIGNING_KEY =
      new SigningKey("AKIAEXAMPLE", "no secret at all", REALM.account());

  static final RunToken RUN_TOKEN =
      new RunToken(
          new RunTokenId(new ClusterId(REALM, "web"), "token"), "f", List.of(TASK.id()), NOW);

  static final List<Record> ALL =
      List.of(
          CLUSTER,
          TASK_DEFINITION,
          FAMILY,
          TASK,
          HOST,
          ACCOUNT_SETTING,
          SECRET,
          PARAMETER,
          ACCOUNT,
          SIGNING_KEY,
          RUN_TOKEN);

  private static ContainerSpec container() {
    return new ContainerSpec(
        "app",
        "nginx",
        true,
        Optional.of(List.of("a")),
        Optional.of(List.of("b")),
        Map.of("A", "1"),
        Optional.of("1:2"),
        Optional.of("/w"),
        128,
        OptionalInt.of(256),
        OptionalInt.of(64),
        5,
        true,
        true,
        true,
        new LinuxParameters(
            List.of("SYS_PTRACE"),
            List.of("ALL"),
            true,
            List.of(new LinuxParameters.Ulimit("nofile", 1, 2)),
            List.of(new LinuxParameters.Tmpfs("/t", 3, List.of("noexec"))),
            Map.of("net.core.somaxconn", "9")),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private static TaskReport report() {
    return new TaskReport(
        new TaskId("%032x".formatted(1)),
        5,
        TaskPhase.STOPPED,
        List.of(
            new ContainerReport(
                "app",
                ContainerReport.Status.STOPPED,
                Optional.of("id"),
                Optional.of("sha256:1"),
                OptionalInt.of(137),
                Optional.of("OutOfMemoryError"),
                Optional.of(NOW),
                Optional.of(NOW.plusSeconds(1)),
                Optional.empty(),
                OptionalInt.empty())),
        Optional.of(STOP),
        Optional.of(NOW),
        Optional.of(NOW),
        Optional.of(NOW),
        Optional.of(NOW),
        Optional.of(NOW),
        Optional.of(NOW),
        List.of(new LaunchTiming(LaunchTiming.Phase.CREATE, 56, 78)));
  }

  private static EniSpec eni() {
    return new EniSpec(
        new EniId("eni-0123456789abcdef0"),
        new VpcId("vpc-0123456789abcdef0"),
        new SubnetId("subnet-0123456789abcdef0"),
        "02:00:ac:1f:00:05",
        new IpAddress("172.31.0.5"),
        Optional.of(new IpAddress("2001:db8::5")),
        Optional.of(new IpAddress("203.0.113.5")),
        List.of(new SecurityGroupId("sg-0123456789abcdef0")),
        "ip-172-31-0-5.eu-west-1.compute.internal");
  }
}
