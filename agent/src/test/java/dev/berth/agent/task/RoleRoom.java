package dev.berth.agent.task;

import static dev.berth.agent.task.Tasks.BOOT;
import static dev.berth.agent.task.Tasks.essential;
import static dev.berth.agent.task.Tasks.id;

import dev.berth.agent.Agent;
import dev.berth.agent.AgentSettings;
import dev.berth.agent.Machine;
import dev.berth.agent.api.TaskApi;
import dev.berth.agent.network.LinkLocalService.Answer;
import dev.berth.agent.network.LinkLocalService.Caller;
import dev.berth.agent.network.LinkLocalService.Question;
import dev.berth.agent.runtime.ContainerKey;
import dev.berth.link.message.TaskAssignment;
import dev.berth.link.message.ToAgent;
import dev.berth.link.message.ToControl;
import dev.berth.link.stream.ControlSession;
import dev.berth.model.host.Capacity;
import dev.berth.model.identity.RoleArn;
import dev.berth.model.network.EniId;
import dev.berth.model.network.EniSpec;
import dev.berth.model.network.IpAddress;
import dev.berth.model.network.SubnetId;
import dev.berth.model.network.VpcId;
import dev.berth.model.signature.Credentials;
import dev.berth.model.signature.RoleCredentials;
import dev.berth.model.task.TaskId;
import dev.berth.model.task.TaskRole;
import dev.berth.model.task.TaskSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;

/** An agent with three tasks, two of which have a role, and a control that issues at once. */
final class RoleRoom implements AutoCloseable {
  static final Duration VALIDITY = Duration.ofHours(6);
  private static final EniSpec ENI =
      new EniSpec(
          new EniId("eni-0123456789abcdef0"),
          new VpcId("vpc-0123456789abcdef0"),
          new SubnetId("subnet-0123456789abcdef0"),
          "02:00:ac:1f:00:05",
          new IpAddress("172.31.0.5"),
          Optional.empty(),
          Optional.empty(),
          List.of(),
          "ip-172-31-0-5.ec2.internal");

  final FakeHost host = new FakeHost();
  private final FakeControl control = new FakeControl(host);
  private final PumpedWork work = new PumpedWork(host);
  private final Random random = new Random(7);
  private final Path folder;
  Instant now = FakeHost.NOW;
  int issued;
  private Agent agent;
  private IssuingControl session;

  RoleRoom(Path folder, TaskApi api) throws IOException {
    this.folder = folder;
    host.api = api;
    agent = newAgent();
    session = connect();
    assign(id(1), Optional.of(new TaskRole(role(), "own")));
    assign(id(2), Optional.of(new TaskRole(role(), "other")));
    assign(id(3), Optional.empty());
    work.runAll(random);
  }

  /** Control goes away. */
  void disconnect() {
    agent.disconnected(session);
  }

  /** Control is there again. */
  private IssuingControl connect() {
    var made = new IssuingControl(agent);
    agent.connected(made);
    return made;
  }

  void connectAgain() {
    session = connect();
  }

  /** A new life of the agent. */
  void restart() throws IOException {
    agent.close();
    agent = newAgent();
    session = connect();
  }

  Answer ask(int task, String path) throws Exception {
    return ask(task, "GET", path, "");
  }

  Answer ask(int task, String method, String path, String body) throws Exception {
    var caller =
        new Caller(
            id(task), ENI, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    return Objects.requireNonNull(host.linkLocal).answer(caller, new Question(method, path, body));
  }

  /** Lets every timer go off, some more than once. */
  void passPauses() {
    for (int timer = 0; timer < 50; timer++) {
      work.runOne(random, waiting -> waiting.step().isEmpty());
    }
  }

  static RoleArn role() {
    return new RoleArn("arn:aws:iam::123456789012:role/web");
  }

  private void assign(TaskId task, Optional<TaskRole> role) {
    TaskSpec plain = Tasks.assignment(task, BOOT, essential("app")).spec();
    var spec =
        new TaskSpec(
            task,
            plain.realm(),
            plain.cluster(),
            plain.family(),
            plain.revision(),
            plain.size(),
            plain.containers(),
            ENI,
            plain.ephemeralStorageGib(),
            plain.pidMode(),
            Optional.empty(),
            Optional.empty(),
            role);
    agent.received(
        session, new ToAgent.Assign(1, new TaskAssignment(spec, BOOT, Optional.empty())));
  }

  Map<String, String> environment(int task) {
    var key = new ContainerKey(id(task), "app");
    return Objects.requireNonNull(host.plans.get(key)).environment();
  }

  private Agent newAgent() throws IOException {
    var made =
        new Agent(
            new AgentSettings(folder, "a", Optional.empty(), 0, Map.of(), 3),
            new Machine(BOOT, new Capacity(2048, 4096), "X86_64"),
            host.parts(),
            (_, _, _) -> {
              throw new IOException("nobody reads");
            },
            work,
            () -> now,
            random);
    made.start();
    return made;
  }

  /** Issues at once, as control does. */
  private final class IssuingControl implements ControlSession {
    private final Agent to;

    IssuingControl(Agent to) {
      this.to = to;
    }

    @Override
    public void send(ToControl message) {
      control.send(message);
      if (message instanceof ToControl.AskCredentials(TaskId task)) {
        issued++;
        var credentials = new Credentials("ASIA" + issued, "secret " + issued, "token " + issued);
        to.received(
            this,
            new ToAgent.Credentials(
                1, task, new RoleCredentials(role(), credentials, now.plus(VALIDITY))));
      }
    }

    @Override
    public void close() {}
  }

  @Override
  public void close() {
    agent.close();
  }
}
