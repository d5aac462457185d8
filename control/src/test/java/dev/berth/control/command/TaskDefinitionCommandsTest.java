package dev.berth.control.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.control.state.Ledger;
import dev.berth.model.Declared;
import dev.berth.model.identity.AccountId;
import dev.berth.model.identity.Realm;
import dev.berth.model.identity.Region;
import dev.berth.model.task.TaskDefinition;
import dev.berth.model.task.TaskDefinition.Status;
import dev.berth.store.memory.MemoryStore;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TaskDefinitionCommandsTest {
  private static final Realm REALM =
      new Realm(new AccountId("123456789012"), new Region("eu-west-1"));
  private static final Realm ELSEWHERE =
      new Realm(new AccountId("123456789012"), new Region("eu-west-2"));
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private final MemoryStore store = new MemoryStore();
  private final Ledger ledger = Ledger.open(store, "test");
  private final TaskDefinitionCommands definitions = new TaskDefinitionCommands(ledger);

  @Test
  void aRevisionsNumberIsNeverGivenTwiceEvenAfterARestart() throws Refused {
    register(definitions, REALM);
    register(definitions, REALM);
    for (int revision = 1; revision <= 2; revision++) {
      definitions.deregister(REALM, "web:" + revision, NOW);
      definitions.delete(REALM, "web:" + revision);
    }

    var restarted = new TaskDefinitionCommands(Ledger.open(store, "again"));

    assertThat(register(restarted, REALM).id().revision()).isEqualTo(3);
    assertThat(register(restarted, ELSEWHERE).id().revision()).isEqualTo(1);
  }

  @Test
  void aFamilyMeansItsNewestActiveRevision() throws Refused {
    var first = register(definitions, REALM);
    register(definitions, REALM);
    definitions.deregister(REALM, "web:2", NOW);

    assertThat(find("web")).contains(first);
    assertThat(find("web:1")).contains(first);
    assertThat(find(first.id().arn().toString())).contains(first);
    assertThat(find("web:2")).map(TaskDefinition::status).contains(Status.INACTIVE);
  }

  @Test
  void whatIsNotThereOrElsewhereIsNotFound() throws Refused {
    var theirs = register(definitions, ELSEWHERE);

    assertThat(find("web")).isEmpty();
    assertThat(find(theirs.id().arn().toString())).isEmpty();
    assertThat(find("web:0")).isEmpty();
    assertThat(find("web:99999999999")).isEmpty();
    assertThat(find("a b")).isEmpty();
  }

  @Test
  void onlyAnActiveOneStartsTasks() throws Refused {
    register(definitions, REALM);
    definitions.deregister(REALM, "web:1", NOW);

    assertThatThrownBy(() -> TaskDefinitionCommands.forUse(ledger.state(), REALM, "web:1"))
        .hasMessage("TaskDefinition is inactive");
    assertThatThrownBy(() -> TaskDefinitionCommands.forUse(ledger.state(), REALM, "web"))
        .hasMessage("TaskDefinition not found.");
  }

  @Test
  void deregisteringNeedsARevisionAndDeletingADeregisteredOne() throws Refused {
    register(definitions, REALM);

    assertThatThrownBy(() -> definitions.deregister(REALM, "web", NOW))
        .hasMessage("Revision is missing.");
    assertThatThrownBy(() -> definitions.delete(REALM, "web:1"))
        .hasMessageContaining("still in ACTIVE status");
  }

  private Optional<TaskDefinition> find(String reference) {
    return TaskDefinitionCommands.find(ledger.state(), REALM, reference);
  }

  private static TaskDefinition register(TaskDefinitionCommands definitions, Realm realm)
      throws Refused {
    var declared =
        new Declared(
            """
            {"family": "web", "requiresCompatibilities": ["FARGATE"], "cpu": "256",
             "memory": "512", "containerDefinitions": [{"name": "app", "image": "nginx"}]}
            """);
    return definitions.register(
        realm, "web", declared, Map.of("team", "a"), "arn:aws:iam::123456789012:root", NOW);
  }
}
