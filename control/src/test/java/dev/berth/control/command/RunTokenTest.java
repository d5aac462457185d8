package dev.berth.control.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.control.state.Kind;
import dev.berth.control.state.Ledger;
import dev.berth.model.Declared;
import dev.berth.model.host.Capacity;
import dev.berth.model.host.Host;
import dev.berth.model.host.HostFacts;
import dev.berth.model.host.HostId;
import dev.berth.model.identity.AccountId;
import dev.berth.model.identity.Realm;
import dev.berth.model.identity.Region;
import dev.berth.store.memory.MemoryStore;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What a client's token protects: that a call which is made again starts nothing again. */
class RunTokenTest {
  private static final Realm REALM =
      new Realm(new AccountId("123456789012"), new Region("eu-west-1"));
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private final Ledger ledger = Ledger.open(new MemoryStore(), "test");
  private final TaskCommands tasks =
      new TaskCommands(ledger, () -> NOW, new Random(7), TaskCommands.NoCapacity.FAIL);

  @Test
  void aCallThatStartedNothingLeavesItsTokenFree() throws Refused {
    register();
    var failed = tasks.run(wish());
    assertThat(failed.tasks()).isEmpty();
    assertThat(failed.failures()).containsExactly("AGENT");

    aHostConnects();
    var started = tasks.run(wish());
    assertThat(started.tasks()).hasSize(1);
    assertThat(tasks.run(wish()).tasks()).isEqualTo(started.tasks());
  }

  private void register() throws Refused {
    var declared =
        new Declared(
            """
            {"family": "web", "requiresCompatibilities": ["FARGATE"], "networkMode": "awsvpc",
             "cpu": "256", "memory": "512",
             "containerDefinitions": [{"name": "app", "image": "nginx"}]}
            """);
    new TaskDefinitionCommands(ledger)
        .register(REALM, "web", declared, Map.of(), "arn:aws:iam::123456789012:root", NOW);
  }

  private void aHostConnects() {
    var facts =
        new HostFacts(new HostId("h1"), "boot", new Capacity(1024, 2048), "X86_64", "a", Map.of());
    ledger.decide(
        draft -> {
          draft.put(Kind.HOST, new Host(facts, 1, false, NOW));
          return facts;
        });
  }

  private static RunTask wish() {
    return Wishes.of(REALM, "web", Declared.NOTHING, Optional.of("token"), NOW);
  }
}
