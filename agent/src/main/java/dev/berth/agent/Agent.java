package dev.berth.agent;

import dev.berth.agent.credentials.HeldCredentials;
import dev.berth.agent.journal.AgentFolder;
import dev.berth.agent.journal.AgentIdentity;
import dev.berth.agent.journal.TaskJournal;
import dev.berth.agent.journal.TaskRecord;
import dev.berth.agent.logs.TaskLogs;
import dev.berth.agent.metadata.CredentialsEndpoint;
import dev.berth.agent.metadata.ProtectionEndpoint;
import dev.berth.agent.metadata.TaskEndpoints;
import dev.berth.agent.metadata.TaskMetadata;
import dev.berth.agent.network.LinkLocalService;
import dev.berth.agent.network.TaskNetworks;
import dev.berth.agent.runtime.ContainerKey;
import dev.berth.agent.runtime.OutputReader;
import dev.berth.agent.task.HostParts;
import dev.berth.agent.task.HostTasks;
import dev.berth.agent.task.Work;
import dev.berth.link.format.RecordFormat;
import dev.berth.link.message.ToAgent;
import dev.berth.link.message.ToControl;
import dev.berth.link.stream.ControlListener;
import dev.berth.link.stream.ControlSession;
import dev.berth.model.host.Capacity;
import dev.berth.model.host.HostFacts;
import dev.berth.model.task.ContainerReport;
import dev.berth.model.task.TaskPhase;
import dev.berth.model.task.TaskReport;
import java.io.IOException;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One host's agent: does what control says, and says what became of it.
 *
 * <p>It needs no orderly end: killed at any moment and built anew over the same folders, it goes on
 * where it was. {@link #close} stops no task. Call {@link #start} before it is given to a link.
 */
public final class Agent implements ControlListener, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Agent.class);

  private final AgentIdentity identity;
  private final HostFacts facts;
  private final HostTasks tasks;
  private final OutputAnswers answers;
  private final TaskNetworks networks;
  private final TaskLogs logs;
  private final LinkLocalService endpoints;
  private final HeldCredentials credentials;
  private final SecretQuestions secrets = new SecretQuestions();
  private final AtomicReference<@Nullable ControlSession> session = new AtomicReference<>();

  public Agent(
      AgentSettings settings,
      Machine machine,
      HostParts host,
      OutputReader output,
      Work work,
      InstantSource clock,
      RandomGenerator random)
      throws IOException {
    var folder = new AgentFolder(settings.dataFolder());
    this.identity = new AgentIdentity(folder);
    this.facts =
        new HostFacts(
            identity.hostId(random),
            machine.bootId(),
            settings.capacity().orElseGet(() -> capacity(settings, machine)),
            machine.architecture(),
            settings.zone(),
            settings.attributes());
    this.tasks =
        new HostTasks(
            new TaskJournal(folder),
            host,
            secrets,
            machine.bootId(),
            identity.nextIncarnation(),
            settings.launchCountMax(),
            work,
            clock,
            this::report);
    this.networks = host.networks();
    this.logs = host.logs();
    logs.ask(this::isOver);
    this.credentials = new HeldCredentials(work, clock, tasks::isAlive);
    this.endpoints =
        new TaskEndpoints(
            new TaskMetadata(tasks, host.cgroups(), host.snapshots(), settings.zone(), clock),
            new CredentialsEndpoint(tasks, credentials),
            new ProtectionEndpoint(tasks, credentials, host.api()));
    this.answers = new OutputAnswers(tasks, host.runtime(), output);
  }

  private static Capacity capacity(AgentSettings settings, Machine machine) {
    return machine.capacity().minus(new Capacity(0, settings.memoryReserveMib()));
  }

  /** Adopts what runs, goes on with what was begun, and removes what belongs to nobody. */
  public void start() throws IOException {
    tasks.takeUp();
    networks.serve(endpoints);
    networks.whenLost(tasks::networkLost);
    tasks.alive().forEach(credentials::told);
    for (var task : tasks.withOutput()) {
      logs.takeUp(task);
    }
  }

  /** Whether a container writes nothing more: it has ended, and is not started again. */
  private boolean isOver(ContainerKey key) {
    try {
      return tasks.find(key.task()).map(record -> isOver(record, key.name())).orElse(true);
    } catch (IOException e) {
      LOG.atWarn().addKeyValue("container", key).setCause(e).log("its end is not known");
      return false;
    }
  }

  private static boolean isOver(TaskRecord record, String container) {
    if (record.phase().compareTo(TaskPhase.DEPROVISIONING) >= 0) {
      return true;
    }
    boolean restarted =
        record.assignment().spec().containers().stream()
            .filter(each -> each.name().equals(container))
            .anyMatch(each -> each.supervision().restartPolicy().isPresent());
    return !restarted
        && record.report().containers().stream()
            .filter(each -> each.name().equals(container))
            .allMatch(each -> each.status() == ContainerReport.Status.STOPPED);
  }

  public HostFacts facts() {
    return facts;
  }

  @Override
  public void connected(ControlSession connected) {
    connected.send(new ToControl.Hello(RecordFormat.VERSION, facts));
    session.set(connected); // From here on changes are told; what came before is told next.
    logs.connected(connected);
    secrets.connected(connected);
    credentials.connected(connected);
    tasks.reports().forEach(report -> connected.send(new ToControl.Report(report)));
    tellWhatIsKept(connected);
  }

  private void tellWhatIsKept(ControlSession connected) {
    try {
      var kept = tasks.kept();
      for (int from = 0; from < kept.size(); from += ToControl.Keeps.TASK_COUNT_MAX) {
        int until = Math.min(kept.size(), from + ToControl.Keeps.TASK_COUNT_MAX);
        connected.send(new ToControl.Keeps(kept.subList(from, until)));
      }
    } catch (IOException e) {
      LOG.atWarn().setCause(e).log("control does not hear whose output is kept");
    }
  }

  private void report(TaskReport report) {
    var connected = session.get();
    if (connected != null) {
      connected.send(new ToControl.Report(report));
    }
  }

  @Override
  public void received(ControlSession from, ToAgent message) {
    try {
      if (!identity.admits(message.generation())) {
        LOG.atWarn()
            .addKeyValue("generation", message.generation())
            .log("a message of an older connection was refused");
        return;
      }
    } catch (IOException e) {
      // Followed without being kept, an older control could be followed after it.
      LOG.atError().setCause(e).log("the generation cannot be kept; the session ends");
      from.close();
      return;
    }
    switch (message) {
      case ToAgent.Sync(_, var assignments) -> {
        tasks.sync(assignments);
        assignments.forEach(each -> credentials.told(each.spec()));
      }
      case ToAgent.Expect _ -> tasks.expect();
      case ToAgent.Assign(_, var assignment) -> {
        tasks.assign(assignment);
        credentials.told(assignment.spec());
      }
      case ToAgent.Network(_, var plan) -> networks.plan(plan);
      case ToAgent.Members(_, var change) -> networks.change(change);
      case ToAgent.Acknowledge(_, var task, var sequence) -> tasks.acknowledged(task, sequence);
      case ToAgent.Forget(_, var task) -> tasks.forget(task);
      case ToAgent.LogStands standing -> logs.stands(standing);
      case ToAgent.ReadOutput read -> answers.answer(read, from);
      case ToAgent.Secrets answer -> secrets.answered(answer);
      case ToAgent.Credentials answer -> credentials.answered(answer);
    }
  }

  @Override
  public void disconnected(ControlSession gone) {
    session.compareAndSet(gone, null);
    logs.disconnected(gone);
    secrets.disconnected(gone);
    credentials.disconnected(gone);
  }

  /** Lets go of everything; the containers run on. */
  @Override
  public void close() {
    session.set(null);
    answers.close();
    tasks.close(); // First: a log that is no longer opened must not fail its task.
    logs.close();
  }
}
