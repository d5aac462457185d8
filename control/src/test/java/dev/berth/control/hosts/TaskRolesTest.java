package dev.berth.control.hosts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.control.command.Refused;
import dev.berth.control.command.TaskCommands;
import dev.berth.control.command.TaskCommands.NoCapacity;
import dev.berth.control.command.TaskDefinitionCommands;
import dev.berth.control.command.Wishes;
import dev.berth.control.role.RoleSessions;
import dev.berth.control.secret.AesVault;
import dev.berth.control.state.Ledger;
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
import dev.berth.model.signature.Principal;
import dev.berth.model.task.Task;
import dev.berth.model.task.TaskRole;
import dev.berth.store.memory.MemoryStore;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A task's role, from RunTask to the credentials that its host is given. */
class TaskRolesTest {
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
  private static final Realm REALM =
      new Realm(new AccountId("123456789012"), new Region("eu-west-1"));
  private static final String ROLE = "arn:aws:iam::123456789012:role/web";

  private final Ledger ledger = Ledger.open(new MemoryStore(), "test");
  private final TaskCommands tasks =
      new TaskCommands(ledger, InstantSource.fixed(NOW), new Random(1), NoCapacity.WAIT);
  private final RoleSessions sessions =
      new RoleSessions(
          new AesVault(new byte[AesVault.KEY_BYTES], new SecureRandom()),
          new SecureRandom(),
          RoleSessions.VALIDITY_STANDARD);
  private final HostDirectory hosts =
      new HostDirectory(
          ledger,
          InstantSource.fixed(NOW),
          () -> {},
          LogSink.NONE,
          Optional.empty(),
          Optional.empty(),
          Optional.of(sessions));

  @Test
  void theHostOfTheTaskGetsItsCredentialsAndNoOtherHost() throws Refused {
    var carrier = new Session();
    connect("one", carrier, 4096);
    Task task = run("\"taskRoleArn\": \"" + ROLE + "\"", Declared.NOTHING);
    var other = new Session();
    connect("other", other, 4096);

    hosts.received(carrier, new ToControl.AskCredentials(task.id()));
    hosts.received(other, new ToControl.AskCredentials(task.id()));

    assertThat(other.credentials()).isEmpty();
    assertThat(carrier.credentials()).hasSize(1);
    var given = carrier.credentials().getFirst();
    assertThat(given.task()).isEqualTo(task.id());
    var credentials = given.credentials().credentials();
    assertThat(sessions.find(credentials.accessKeyId(), credentials.sessionToken()))
        .hasValueSatisfying(
            key ->
                assertThat(key.principal())
                    .isEqualTo(
                        new Principal.RoleSession(given.credentials().role(), task.id().value())));
    assertThat(given.toString()).doesNotContain(credentials.secretAccessKey());
  }

  @Test
  void aTaskWithoutARoleHasNoCredentials() throws Refused {
    var carrier = new Session();
    connect("one", carrier, 4096);
    Task task = run("\"tags\": []", Declared.NOTHING);

    hosts.received(carrier, new ToControl.AskCredentials(task.id()));

    assertThat(task.spec().role()).isEmpty();
    assertThat(carrier.credentials()).isEmpty();
  }

  @Test
  void aStartMayOverrideTheRoleAndNameItShortly() throws Refused {
    Task task = run("\"taskRoleArn\": \"" + ROLE + "\"", overriding("other"));

    assertThat(task.spec().role().orElseThrow().arn().value())
        .isEqualTo("arn:aws:iam::123456789012:role/other");
  }

  @Test
  void eachTasksPathIsItsOwn() throws Refused {
    String role = "\"taskRoleArn\": \"" + ROLE + "\"";

    assertThat(List.of(id(run(role, Declared.NOTHING)), id(run(role, Declared.NOTHING))))
        .doesNotHaveDuplicates()
        .allMatch(id -> id.matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"));
  }

  @Test
  void anotherAccountsRoleIsNotTaken() {
    String foreign = "arn:aws:iam::210987654321:role/web";

    assertThatThrownBy(() -> run("\"tags\": []", overriding(foreign)))
        .isInstanceOf(Refused.class)
        .hasMessageStartingWith("ECS was unable to assume the role '" + foreign + "' that was");
  }

  private static String id(Task task) {
    return task.spec().role().map(TaskRole::credentialsId).orElseThrow();
  }

  private static Declared overriding(String role) {
    return new Declared("{\"taskRoleArn\": \"" + role + "\"}");
  }

  private Task run(String member, Declared overrides) throws Refused {
    var declaration =
        new Declared(
            """
            {"family": "web", "networkMode": "awsvpc", "cpu": "256", "memory": "512",
             "requiresCompatibilities": ["FARGATE"], %s,
             "containerDefinitions": [{"name": "main", "image": "busybox", "essential": true}]}
            """
                .formatted(member));
    new TaskDefinitionCommands(ledger)
        .register(REALM, "web", declaration, Map.of(), "arn:aws:iam::123456789012:root", NOW);
    return tasks.run(Wishes.of(REALM, "web", overrides, Optional.empty(), NOW)).tasks().getFirst();
  }

  private void connect(String name, Session session, long memoryMib) {
    var facts =
        new HostFacts(
            new HostId(name), "boot", new Capacity(2048, memoryMib), "X86_64", "a", Map.of());
    hosts.connected(session, new ToControl.Hello(RecordFormat.VERSION, facts));
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

    List<ToAgent.Credentials> credentials() {
      return told.stream()
          .filter(ToAgent.Credentials.class::isInstance)
          .map(ToAgent.Credentials.class::cast)
          .toList();
    }
  }
}
