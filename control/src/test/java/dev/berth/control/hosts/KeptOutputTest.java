package dev.berth.control.hosts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.control.command.Refused;
import dev.berth.control.command.TaskCommands;
import dev.berth.control.command.TaskDefinitionCommands;
import dev.berth.control.command.Wishes;
import dev.berth.control.state.Ledger;
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
import dev.berth.model.task.TaskId;
import dev.berth.model.task.TaskPhase;
import dev.berth.model.task.TaskReport;
import dev.berth.store.memory.MemoryStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Hosts keep the output of ended tasks until control forgets them, and may miss its word. */
class KeptOutputTest {
  private static final Realm REALM =
      new Realm(new AccountId("123456789012"), new Region("eu-west-1"));
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final TaskId GONE = new TaskId("0123456789abcdef0123456789abcdef");

  private final Ledger ledger = Ledger.open(new MemoryStore(), "test");
  private final HostDirectory hosts = new HostDirectory(ledger, () -> NOW, () -> {});
  private final List<ToAgent> told = new ArrayList<>();
  private final HostSession session =
      new HostSession() {
        @Override
        public void send(ToAgent message) {
          told.add(message);
        }

        @Override
        public void close() {}
      };

  @Test
  void whatNobodyKnowsAnyMoreIsForgottenAndWhatIsKnownIsKept() throws Refused {
    connect();
    TaskId known = run();
    told.clear();

    hosts.received(session, new ToControl.Keeps(List.of(known, GONE)));

    assertThat(told).containsExactly(new ToAgent.Forget(1, GONE));
  }

  @Test
  void theLastReportOfATaskThatNobodyKnowsAnyMoreIsAnsweredByForgettingIt() {
    connect();
    told.clear();
    var none = Optional.<Instant>empty();
    var report =
        new TaskReport(
            GONE,
            9,
            TaskPhase.STOPPED,
            List.of(),
            Optional.empty(),
            none,
            none,
            none,
            none,
            none,
            none,
            List.of());

    hosts.received(session, new ToControl.Report(report));

    assertThat(told)
        .containsExactly(new ToAgent.Acknowledge(1, GONE, 9), new ToAgent.Forget(1, GONE));
  }

  @Test
  void whoHasNotSaidHelloIsToldNothing() {
    hosts.received(session, new ToControl.Keeps(List.of(GONE)));

    assertThat(told).isEmpty();
  }

  private void connect() {
    var facts =
        new HostFacts(new HostId("h1"), "boot", new Capacity(1024, 2048), "X86_64", "a", Map.of());
    hosts.connected(session, new ToControl.Hello(1, facts));
  }

  private TaskId run() throws Refused {
    var declared =
        new Declared(
            """
            {"family": "web", "requiresCompatibilities": ["FARGATE"], "networkMode": "awsvpc",
             "cpu": "256", "memory": "512",
             "containerDefinitions": [{"name": "app", "image": "nginx"}]}
            """);
    new TaskDefinitionCommands(ledger)
        .register(REALM, "web", declared, Map.of(), "arn:aws:iam::123456789012:root", NOW);
    var wish = Wishes.of(REALM, "web", NOW);
    return new TaskCommands(ledger, () -> NOW, new Random(7), TaskCommands.NoCapacity.FAIL)
        .run(wish)
        .tasks()
        .getFirst()
        .id();
  }
}
