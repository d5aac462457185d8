package dev.berth.control.hosts;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.berth.control.command.RunTask;
import dev.berth.control.command.TaskCommands;
import dev.berth.control.command.TaskDefinitionCommands;
import dev.berth.control.command.Wishes;
import dev.berth.control.declaration.Unbuilt;
import dev.berth.control.environment.EnvironmentFiles;
import dev.berth.control.environment.ObjectSource;
import dev.berth.control.network.InterfaceAllocator;
import dev.berth.control.secret.AesVault;
import dev.berth.control.secret.ParameterCommands;
import dev.berth.control.secret.Parameters;
import dev.berth.control.secret.Secrets;
import dev.berth.control.secret.TaskSecrets;
import dev.berth.control.secret.Vault;
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
import dev.berth.model.secret.ParameterType;
import dev.berth.model.task.TaskId;
import dev.berth.store.memory.MemoryStore;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What a host that launches a task is told of its secrets and environment files. */
class SecretAnswersTest {
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
  private static final Realm REALM =
      new Realm(new AccountId("123456789012"), new Region("eu-west-1"));
  private static final int WAIT_SECONDS = 20;

  private final Ledger ledger = Ledger.open(new MemoryStore(), "test");
  private final Map<String, String> objects =
      Map.of("conf/1.env", "A=1\nB=1\nKEY=of a file", "conf/deep/2.env", "B=2\nC=2");
  private final AtomicInteger readCount = new AtomicInteger();
  private final CountDownLatch mayRead = new CountDownLatch(1);

  @Test
  void earlierFilesAreStrongerThanLaterOnesAndSecretsThanAll() throws Exception {
    mayRead.countDown();
    var session = new Session();
    HostDirectory hosts = hosts();
    TaskId task = launched(hosts, session, "conf/1.env", "conf/deep/2.env");

    hosts.received(session, new ToControl.AskSecrets(1, task));

    ToAgent.Secrets answer = session.answer();
    assertThat(answer.missing()).isEmpty();
    assertThat(answer.values()).containsOnlyKeys("main");
    assertThat(answer.values().getOrDefault("main", Map.of()))
        .containsOnly(entry("A", "1"), entry("B", "1"), entry("C", "2"), entry("KEY", "blue"));
  }

  @Test
  void aFileThatCannotBeHadIsNamedInTheWordsOfAws() throws Exception {
    mayRead.countDown();
    var session = new Session();
    HostDirectory hosts = hosts();
    TaskId task = launched(hosts, session, "conf/1.env", "conf/nope.env");

    hosts.received(session, new ToControl.AskSecrets(1, task));

    ToAgent.Secrets answer = session.answer();
    assertThat(answer.values()).isEmpty();
    assertThat(answer.missing())
        .contains(
            "ResourceInitializationError: failed to download env files:"
                + " arn:aws:s3:::conf/nope.env: there is no such object");
  }

  @Test
  void aQuestionThatIsAskedAgainWhileItsFilesAreReadReadsThemOnceAndHoldsUpNobody()
      throws Exception {
    var session = new Session();
    HostDirectory hosts = hosts();
    TaskId task = launched(hosts, session, "conf/1.env");

    hosts.received(session, new ToControl.AskSecrets(1, task));
    hosts.received(session, new ToControl.AskSecrets(1, task));
    mayRead.countDown();

    assertThat(session.answer().missing()).isEmpty();
    assertThat(readCount).hasValue(1);
  }

  private HostDirectory hosts() throws Exception {
    Vault vault = new AesVault(new byte[AesVault.KEY_BYTES], new SecureRandom());
    var parameters = new Parameters(vault);
    var _ =
        new ParameterCommands(ledger, parameters)
            .put(
                REALM,
                new ParameterCommands.Wish(
                    "/web/key",
                    "blue",
                    Optional.of(ParameterType.SECURE_STRING),
                    false,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    "text",
                    Optional.empty(),
                    Map.of(),
                    "me"),
                NOW);
    ObjectSource source =
        (bucket, key, byteCountMax) -> {
          mayRead.await();
          readCount.incrementAndGet();
          String object = objects.get(bucket + "/" + key);
          if (object == null) {
            throw new IOException("there is no such object");
          }
          return object.getBytes(UTF_8);
        };
    return new HostDirectory(
        ledger,
        () -> NOW,
        () -> {},
        LogSink.NONE,
        Optional.of(new TaskSecrets(new Secrets(vault), parameters)),
        Optional.of(new EnvironmentFiles(source)),
        Optional.empty());
  }

  private TaskId launched(HostDirectory hosts, Session session, String... files) throws Exception {
    var facts =
        new HostFacts(new HostId("h1"), "boot", new Capacity(1024, 2048), "X86_64", "a", Map.of());
    hosts.connected(session, new ToControl.Hello(1, facts));
    String list =
        String.join(
            ",",
            List.of(files).stream()
                .map(it -> "{\"type\":\"s3\",\"value\":\"arn:aws:s3:::" + it + "\"}")
                .toList());
    var declared =
        new Declared(
            """
            {"family": "web", "requiresCompatibilities": ["FARGATE"], "networkMode": "awsvpc",
             "cpu": "256", "memory": "512", "executionRoleArn": "arn:aws:iam::123456789012:role/e",
             "containerDefinitions": [{"name": "main", "image": "nginx",
               "secrets": [{"name": "KEY", "valueFrom": "/web/key"}],
               "environmentFiles": [%s]}]}
            """
                .formatted(list));
    new TaskDefinitionCommands(ledger)
        .register(REALM, "web", declared, Map.of(), "arn:aws:iam::123456789012:root", NOW);
    var tasks =
        new TaskCommands(
            ledger,
            () -> NOW,
            new Random(7),
            TaskCommands.NoCapacity.FAIL,
            InterfaceAllocator.PUBLIC_POOL_STANDARD,
            Unbuilt.EnvironmentFiles.FROM_S3);
    return tasks.run(wish()).tasks().getFirst().id();
  }

  private static RunTask wish() {
    return Wishes.of(REALM, "web", NOW);
  }

  private static final class Session implements HostSession {
    private final BlockingQueue<ToAgent.Secrets> answers = new LinkedBlockingQueue<>();

    @Override
    public void send(ToAgent message) {
      if (message instanceof ToAgent.Secrets answer) {
        answers.add(answer);
      }
    }

    @Override
    public void close() {}

    ToAgent.Secrets answer() throws InterruptedException {
      ToAgent.Secrets answer = answers.poll(WAIT_SECONDS, SECONDS);
      assertThat(answer).as("an answer in time").isNotNull();
      return answer;
    }
  }
}
