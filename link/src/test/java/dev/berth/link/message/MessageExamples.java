package dev.berth.link.message;

import dev.berth.model.host.Capacity;
import dev.berth.model.host.HostFacts;
import dev.berth.model.host.HostId;
import dev.berth.model.identity.AccountId;
import dev.berth.model.identity.Realm;
import dev.berth.model.identity.Region;
import dev.berth.model.identity.RoleArn;
import dev.berth.model.log.EventBlock;
import dev.berth.model.network.Cidr;
import dev.berth.model.network.EniId;
import dev.berth.model.network.EniSpec;
import dev.berth.model.network.IpAddress;
import dev.berth.model.network.MemberChange;
import dev.berth.model.network.SecurityGroupId;
import dev.berth.model.network.SecurityGroupPlan;
import dev.berth.model.network.SubnetId;
import dev.berth.model.network.SubnetPlan;
import dev.berth.model.network.VpcId;
import dev.berth.model.network.VpcPlan;
import dev.berth.model.signature.Credentials;
import dev.berth.model.signature.RoleCredentials;
import dev.berth.model.task.ContainerReport;
import dev.berth.model.task.ContainerSpec;
import dev.berth.model.task.Health;
import dev.berth.model.task.LaunchTiming;
import dev.berth.model.task.LinuxParameters;
import dev.berth.model.task.LogConfiguration;
import dev.berth.model.task.PidMode;
import dev.berth.model.task.StopCode;
import dev.berth.model.task.StopReason;
import dev.berth.model.task.Supervision;
import dev.berth.model.task.TaskId;
import dev.berth.model.task.TaskPhase;
import dev.berth.model.task.TaskReport;
import dev.berth.model.task.TaskRole;
import dev.berth.model.task.TaskSize;
import dev.berth.model.task.TaskSpec;
import dev.berth.model.task.VolumeMount;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** One message of each kind, with every member filled. */
public final class MessageExamples {
  public static final TaskId TASK = new TaskId("0123456789abcdef0123456789abcdef");
  private static final Instant AT = Instant.parse("2026-01-02T03:04:05.678Z");

  private MessageExamples() {}

  public static List<ToAgent> toAgent() {
    return List.of(
        new ToAgent.Sync(7, List.of(assignment())),
        new ToAgent.Assign(7, assignment()),
        new ToAgent.Network(7, vpc()),
        new ToAgent.Members(7, members()),
        new ToAgent.Expect(7),
        new ToAgent.Acknowledge(7, TASK, 12),
        new ToAgent.Forget(7, TASK),
        new ToAgent.LogStands(7, TASK, "app", 9, 1042, Optional.of("no group")),
        new ToAgent.Secrets(
            7,
            42,
            TASK,
            Map.of("app", Map.of("KEY", "no secret at all")),
            Optional.of("there is none")),
        new ToAgent.Credentials(
            7,
            TASK,
            new RoleCredentials(
                role().arn(), new Credentials("ASIAEXAMPLE", "no secret", "no token"), AT)),
        new ToAgent.ReadOutput(7, 41, TASK, "app", 1000, 65536));
  }

  public static List<ToControl> toControl() {
    return List.of(
        new ToControl.Hello(1, facts()),
        new ToControl.Report(report()),
        new ToControl.Keeps(List.of(TASK)),
        new ToControl.Heartbeat(),
        new ToControl.OpenLog(TASK, "app"),
        new ToControl.LogBatch(
            TASK, "app", 9, 1000, 1042, true, new EventBlock(2, 5, 7, 30, new byte[] {1, 2, 3})),
        new ToControl.AskSecrets(42, TASK),
        new ToControl.AskCredentials(TASK),
        new ToControl.Output(
            41, List.of(new ToControl.OutputLine(AT, "stdout", "Grüße", true)), 1042, false));
  }

  /** Messages with members that older ones of the format do not have, by the golden file's name. */
  public static Map<String, Record> grown() {
    var task = assignment();
    var supervision =
        new Supervision(
            List.of(new Supervision.Dependency("db", Supervision.Condition.HEALTHY)),
            OptionalInt.of(60),
            Optional.of(new Supervision.HealthCheck(List.of("true"), 30, 5, 3, 10)),
            Optional.of(new Supervision.RestartPolicy(Set.of(7), 60)));
    var app = task.spec().containers().getFirst().with(supervision);
    var mounted = app.with(List.of(new VolumeMount("data", "/data", true)));
    var spec =
        new TaskSpec(
            TASK,
            task.spec().realm(),
            "default",
            "web",
            3,
            task.spec().size(),
            List.of(mounted),
            eni(),
            OptionalInt.of(30),
            Optional.of(PidMode.TASK));
    var privileged =
        new TaskSpec(
            TASK,
            spec.realm(),
            "default",
            "web",
            3,
            spec.size(),
            spec.containers(),
            eni(),
            OptionalInt.empty(),
            Optional.empty(),
            Optional.of(Map.of("app", Map.of("KEY", "/web/key"))),
            Optional.empty(),
            Optional.of(role()));
    var report = report();
    var container = report.containers().getFirst();
    var watched =
        new ContainerReport(
            "app",
            container.status(),
            container.runtimeId(),
            container.imageDigest(),
            container.exitCode(),
            container.reason(),
            container.startedAt(),
            container.stoppedAt(),
            Optional.of(Health.UNHEALTHY),
            OptionalInt.of(2));
    var filed =
        new TaskSpec(
            TASK,
            spec.realm(),
            "default",
            "web",
            3,
            spec.size(),
            List.of(app),
            eni(),
            OptionalInt.empty(),
            Optional.empty(),
            Optional.of(Map.of("app", Map.of("KEY", "/web/key"))),
            Optional.of(Map.of("app", List.of("arn:aws:s3:::conf/web.env"))),
            Optional.empty());
    return Map.of(
        "Assign.environmentFiles",
        new ToAgent.Assign(7, new TaskAssignment(filed, "6e0f3c9e-boot", Optional.empty())),
        "Assign.supervised",
        new ToAgent.Assign(7, new TaskAssignment(spec, "6e0f3c9e-boot", Optional.empty())),
        "Assign.role",
        new ToAgent.Assign(7, new TaskAssignment(privileged, "6e0f3c9e-boot", Optional.empty())),
        "Network.endpoints",
        new ToAgent.Network(7, withEndpoint(vpc())),
        "Report.supervised",
        new ToControl.Report(
            new TaskReport(
                TASK,
                12,
                TaskPhase.RUNNING,
                List.of(watched),
                Optional.empty(),
                report.pullStartedAt(),
                report.pullStoppedAt(),
                report.connectivityAt(),
                report.startedAt(),
                Optional.empty(),
                Optional.empty(),
                report.timings())));
  }

  private static TaskRole role() {
    return new TaskRole(
        new RoleArn("arn:aws:iam::123456789012:role/web"), "0f1c8a52-7f0e-4b39-9d0a-1f4c3f6f2a11");
  }

  public static HostFacts facts() {
    return new HostFacts(
        new HostId("host-a"),
        "6e0f3c9e-boot",
        new Capacity(2048, 8192),
        "X86_64",
        "a",
        Map.of("runtime", "crun"));
  }

  private static TaskAssignment assignment() {
    var linux =
        new LinuxParameters(
            List.of("SYS_PTRACE"),
            List.of("ALL"),
            true,
            List.of(new LinuxParameters.Ulimit("nofile", 1024, 4096)),
            List.of(new LinuxParameters.Tmpfs("/run", 16, List.of("noexec"))),
            Map.of("net.core.somaxconn", "512"));
    var log =
        new LogConfiguration(
            "/ecs/web", new Region("eu-west-1"), "web", true, Optional.of("^ERROR"), true, 1 << 20);
    var container =
        new ContainerSpec(
            "app",
            "registry.example/app:1",
            true,
            Optional.of(List.of("echo", "hi")),
            Optional.of(List.of("/entry")),
            Map.of("A", "b"),
            Optional.of("1000:1000"),
            Optional.of("/tmp"),
            128,
            OptionalInt.of(256),
            OptionalInt.of(128),
            15,
            true,
            true,
            true,
            linux,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.of(log));
    var realm = new Realm(new AccountId("123456789012"), new Region("eu-west-1"));
    var spec =
        new TaskSpec(
            TASK,
            realm,
            "default",
            "web",
            3,
            new TaskSize(256, 512),
            List.of(container),
            eni(),
            OptionalInt.empty(),
            Optional.empty());
    return new TaskAssignment(
        spec,
        "6e0f3c9e-boot",
        Optional.of(new StopReason(StopCode.USER_INITIATED, "enough for today")));
  }

  private static TaskReport report() {
    return new TaskReport(
        TASK,
        12,
        TaskPhase.STOPPED,
        List.of(
            new ContainerReport(
                "app",
                ContainerReport.Status.STOPPED,
                Optional.of(TASK + "-app"),
                Optional.of("sha256:" + "0".repeat(64)),
                OptionalInt.of(137),
                Optional.of("OutOfMemoryError: Container killed due to memory usage"),
                Optional.of(AT),
                Optional.of(AT.plusSeconds(1)),
                Optional.empty(),
                OptionalInt.empty())),
        Optional.of(
            new StopReason(
                StopCode.ESSENTIAL_CONTAINER_EXITED, "Essential container in task exited")),
        Optional.of(AT),
        Optional.of(AT),
        Optional.of(AT),
        Optional.of(AT),
        Optional.of(AT),
        Optional.of(AT),
        List.of(new LaunchTiming(LaunchTiming.Phase.START, 1_767_323_045_678_000L, 5_200)));
  }

  public static EniSpec eni() {
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

  private static MemberChange members() {
    return new MemberChange(
        new VpcId("vpc-0123456789abcdef0"),
        3,
        4,
        List.of(
            new MemberChange.Member(
                List.of(new IpAddress("172.31.0.6"), new IpAddress("2001:db8::6")),
                List.of(new SecurityGroupId("sg-0123456789abcdef0")))),
        List.of(new IpAddress("172.31.0.5")));
  }

  private static VpcPlan vpc() {
    var group = new SecurityGroupId("sg-0123456789abcdef0");
    return new VpcPlan(
        new VpcId("vpc-0123456789abcdef0"),
        new Realm(new AccountId("123456789012"), new Region("eu-west-1")),
        3,
        List.of(Cidr.parse("172.31.0.0/16"), Cidr.parse("2001:db8::/56")),
        true,
        true,
        List.of(
            new SubnetPlan(
                new SubnetId("subnet-0123456789abcdef0"),
                List.of(Cidr.parse("172.31.0.0/20")),
                List.of(
                    route("0.0.0.0/0", new SubnetPlan.Target.InternetGateway()),
                    route("::/0", new SubnetPlan.Target.EgressOnlyGateway()),
                    route(
                        "10.0.0.0/8",
                        new SubnetPlan.Target.NatGateway(new IpAddress("203.0.113.9"))),
                    route("10.1.0.0/16", new SubnetPlan.Target.Blackhole())))),
        List.of(
            new SecurityGroupPlan(
                group,
                List.of(
                    new SecurityGroupPlan.Rule(
                        6,
                        Optional.of(new SecurityGroupPlan.Ports(80, 81)),
                        Optional.empty(),
                        new SecurityGroupPlan.Peer.Range(Cidr.parse("0.0.0.0/0"))),
                    new SecurityGroupPlan.Rule(
                        1,
                        Optional.empty(),
                        Optional.of(new SecurityGroupPlan.Icmp(8, -1)),
                        new SecurityGroupPlan.Peer.Group(group))),
                List.of(),
                List.of(new IpAddress("172.31.0.5")))),
        List.of(
            new VpcPlan.DnsName(
                "ip-172-31-0-5.eu-west-1.compute.internal", List.of(new IpAddress("172.31.0.5")))));
  }

  private static VpcPlan withEndpoint(VpcPlan plan) {
    return new VpcPlan(
        plan.id(),
        plan.realm(),
        plan.version(),
        plan.cidrs(),
        plan.dnsSupport(),
        plan.dnsHostnames(),
        plan.subnets(),
        plan.groups(),
        plan.names(),
        Optional.of(
            List.of(
                new VpcPlan.Endpoint(
                    List.of(new IpAddress("172.31.0.9")),
                    List.of(new SecurityGroupId("sg-0123456789abcdef0"))))));
  }

  private static SubnetPlan.Route route(String destination, SubnetPlan.Target target) {
    return new SubnetPlan.Route(Cidr.parse(destination), target);
  }
}
