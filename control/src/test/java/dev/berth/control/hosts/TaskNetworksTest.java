package dev.berth.control.hosts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.control.command.Refused;
import dev.berth.control.command.RunTask;
import dev.berth.control.command.TaskCommands;
import dev.berth.control.command.TaskCommands.NoCapacity;
import dev.berth.control.command.TaskCommands.Started;
import dev.berth.control.command.TaskDefinitionCommands;
import dev.berth.control.network.NetworkIds;
import dev.berth.control.network.StandardNetwork;
import dev.berth.control.state.Ledger;
import dev.berth.control.state.NetworkKind;
import dev.berth.link.format.RecordFormat;
import dev.berth.link.message.ToAgent;
import dev.berth.link.message.ToControl;
import dev.berth.link.stream.HostSession;
import dev.berth.model.Declared;
import dev.berth.model.host.Capacity;
import dev.berth.model.host.HostFacts;
import dev.berth.model.host.HostId;
import dev.berth.model.identity.AccountId;
import dev.berth.model.identity.Realm;
import dev.berth.model.identity.Region;
import dev.berth.model.network.Cidr;
import dev.berth.model.network.EniSpec;
import dev.berth.model.network.Subnet;
import dev.berth.model.network.VpcPlan;
import dev.berth.model.task.StopCode;
import dev.berth.model.task.StopReason;
import dev.berth.model.task.Task;
import dev.berth.model.task.TaskId;
import dev.berth.model.task.TaskPhase;
import dev.berth.model.task.TaskReport;
import dev.berth.store.memory.MemoryStore;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A task's interface, from RunTask to what its host is told, and until it is free again. */
class TaskNetworksTest {
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
  private static final Realm REALM =
      new Realm(new AccountId("123456789012"), new Region("eu-west-1"));

  private final Ledger ledger = Ledger.open(new MemoryStore(), "test");
  private final TaskCommands tasks =
      new TaskCommands(ledger, InstantSource.fixed(NOW), new Random(1), NoCapacity.WAIT);
  private final HostDirectory hosts = new HostDirectory(ledger, InstantSource.fixed(NOW), () -> {});

  @BeforeEach
  void registerADefinition() throws Refused {
    var declaration =
        new Declared(
            """
            {"family": "web", "networkMode": "awsvpc", "cpu": "256", "memory": "512",
             "requiresCompatibilities": ["FARGATE"],
             "containerDefinitions": [{"name": "main", "image": "busybox", "essential": true}]}
            """);
    new TaskDefinitionCommands(ledger)
        .register(REALM, "web", declaration, Map.of(), "arn:aws:iam::123456789012:root", NOW);
  }

  @Test
  void aHostKnowsTheNetworkBeforeTheTaskAndLaterOnlyWhatHasChanged() throws Refused {
    Session one = connect("one");
    Session other = connect("other");
    EniSpec first = runTold(Declared.NOTHING);
    Session carrier = one.told(ToAgent.Assign.class).isEmpty() ? other : one;

    assertThat(carrier.kinds()).containsExactly("Sync", "Network", "Assign");
    VpcPlan plan = carrier.told(ToAgent.Network.class).getFirst().plan();
    assertThat(plan.id()).isEqualTo(first.vpc());
    assertThat(plan.groups().getFirst().members()).containsExactly(first.privateAddress());

    runTold(Declared.NOTHING);
    EniSpec third = runTold(Declared.NOTHING);

    assertThat(Stream.of(one, other))
        .allSatisfy(
            session -> {
              assertThat(session.told(ToAgent.Network.class)).hasSize(1);
              var known =
                  new HashSet<>(
                      session
                          .told(ToAgent.Network.class)
                          .getFirst()
                          .plan()
                          .groups()
                          .getFirst()
                          .members());
              long version = session.told(ToAgent.Network.class).getFirst().plan().version();
              for (ToAgent.Members members : session.told(ToAgent.Members.class)) {
                assertThat(members.change().since()).isEqualTo(version);
                version = members.change().version();
                members.change().joined().forEach(it -> known.addAll(it.addresses()));
              }
              assertThat(known).hasSize(3).contains(third.privateAddress());
            });
  }

  @Test
  void aGoneTasksAddressIsFreeOnlyOnceItsHostHasSaidSo() throws Refused {
    Session session = connect("one");
    Task task = tasks.run(wish(1, Declared.NOTHING)).tasks().getFirst();
    hosts.tell(task.id());
    EniSpec eni = task.spec().eni();

    report(session, task.id(), 1, TaskPhase.DEPROVISIONING);
    assertThat(ledger.state().networks().taken(eni.subnet())).contains(eni.privateAddress());

    report(session, task.id(), 2, TaskPhase.STOPPED);
    assertThat(ledger.state().networks().taken(eni.subnet())).isEmpty();
    assertThat(ledger.state().networks().find(eni.id())).isEmpty();
    assertThat(session.told(ToAgent.Members.class).getLast().change().left())
        .containsExactly(eni.privateAddress());
  }

  @Test
  void aNewConnectionIsToldTheWholeNetworkAgain() throws Refused {
    connect("one");
    runTold(Declared.NOTHING);

    Session again = connect("one");

    assertThat(again.kinds()).containsExactly("Sync", "Network");
  }

  @Test
  void aFullSubnetGivesNoAddressTwiceAndThenNone() throws Refused {
    Subnet small = addSmallSubnet();
    var addresses = new HashSet<String>();
    for (int number = 0; number < 11; number++) {
      Started started = tasks.run(wish(1, in(small, "DISABLED")));
      assertThat(started.failures()).isEmpty();
      EniSpec eni = started.tasks().getFirst().spec().eni();
      assertThat(addresses.add(eni.privateAddress().value())).isTrue();
    }

    Started refused = tasks.run(wish(2, in(small, "DISABLED")));

    assertThat(refused.tasks()).isEmpty();
    assertThat(refused.failures()).containsExactly("RESOURCE:ENI", "RESOURCE:ENI");
  }

  @Test
  void aPublicAddressComesFromThePool() throws Refused {
    Subnet small = addSmallSubnet();
    EniSpec eni = runTold(in(small, "ENABLED"));

    assertThat(eni.publicAddress())
        .hasValueSatisfying(it -> assertThat(Cidr.parse("100.127.0.0/16").contains(it)).isTrue());
    assertThat(eni.privateDnsName())
        .isEqualTo(
            "ip-" + eni.privateAddress().value().replace('.', '-') + ".eu-west-1.compute.internal");
  }

  @Test
  void unknownIdsAreRefusedInAwsWords() {
    assertThatThrownBy(() -> tasks.run(wish(1, declared("subnet-0123456789abcdef0", ""))))
        .isInstanceOf(Refused.class)
        .hasMessage(
            "Error retrieving subnet information for [subnet-0123456789abcdef0]: The subnet ID"
                + " 'subnet-0123456789abcdef0' does not exist (ErrorCode:"
                + " InvalidSubnetID.NotFound)");
    Subnet small = addSmallSubnet();
    assertThatThrownBy(
            () -> tasks.run(wish(1, declared(small.id().value(), "sg-0123456789abcdef0"))))
        .isInstanceOf(Refused.class)
        .hasMessageContaining("InvalidGroup.NotFound");
  }

  private Subnet addSmallSubnet() {
    var ids = new NetworkIds(new Random(2));
    return ledger.decide(
        draft -> {
          new StandardNetwork(ids).prepare(draft, REALM, NOW);
          var vpc = draft.state().all(NetworkKind.VPC).iterator().next();
          var subnet =
              new Subnet(
                  ids.subnet(),
                  REALM,
                  vpc.id(),
                  Cidr.parse("172.31.255.0/28"),
                  Optional.empty(),
                  "b",
                  false,
                  false,
                  false);
          draft.put(NetworkKind.SUBNET, subnet);
          return subnet;
        });
  }

  private static Declared in(Subnet subnet, String publicIp) {
    return new Declared(
        "{\"awsvpcConfiguration\":{\"subnets\":[\"%s\"],\"assignPublicIp\":\"%s\"}}"
            .formatted(subnet.id(), publicIp));
  }

  private static Declared declared(String subnet, String group) {
    String groups = group.isEmpty() ? "" : "\"" + group + "\"";
    return new Declared(
        "{\"awsvpcConfiguration\":{\"subnets\":[\"%s\"],\"securityGroups\":[%s]}}"
            .formatted(subnet, groups));
  }

  private EniSpec runTold(Declared network) throws Refused {
    Task task = tasks.run(wish(1, network)).tasks().getFirst();
    hosts.tell(task.id());
    return task.spec().eni();
  }

  private static RunTask wish(int count, Declared network) {
    return new RunTask(
        REALM,
        Optional.empty(),
        "web",
        count,
        Optional.empty(),
        List.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        network,
        Declared.NOTHING,
        Map.of(),
        false,
        false,
        NOW);
  }

  private void report(Session session, TaskId task, long sequence, TaskPhase phase) {
    var reason = new StopReason(StopCode.ESSENTIAL_CONTAINER_EXITED, "over");
    hosts.received(
        session,
        new ToControl.Report(
            new TaskReport(
                task,
                sequence,
                phase,
                List.of(),
                Optional.of(reason),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of())));
  }

  private Session connect(String name) {
    var session = new Session();
    var facts =
        new HostFacts(
            new HostId(name), "boot", new Capacity(65536, 65536), "X86_64", "a", Map.of());
    hosts.connected(session, new ToControl.Hello(RecordFormat.VERSION, facts));
    return session;
  }

  /** Keeps what a host is told. */
  private static final class Session implements HostSession {
    private final List<ToAgent> told = new ArrayList<>();

    @Override
    public void send(ToAgent message) {
      told.add(message);
    }

    @Override
    public void close() {}

    List<String> kinds() {
      return told.stream().map(each -> each.getClass().getSimpleName()).toList();
    }

    <T extends ToAgent> List<T> told(Class<T> kind) {
      return told.stream().filter(kind::isInstance).map(kind::cast).toList();
    }
  }
}
