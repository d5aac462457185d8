package dev.berth.control.hosts;

import dev.berth.control.environment.EnvironmentFiles;
import dev.berth.control.role.RoleSessions;
import dev.berth.control.secret.TaskSecrets;
import dev.berth.control.state.Draft;
import dev.berth.control.state.Kind;
import dev.berth.control.state.Ledger;
import dev.berth.control.state.State;
import dev.berth.link.format.RecordFormat;
import dev.berth.link.message.TaskAssignment;
import dev.berth.link.message.ToAgent;
import dev.berth.link.message.ToControl;
import dev.berth.link.stream.HostListener;
import dev.berth.link.stream.HostSession;
import dev.berth.model.host.Host;
import dev.berth.model.host.HostFacts;
import dev.berth.model.host.HostId;
import dev.berth.model.task.Task;
import dev.berth.model.task.TaskId;
import dev.berth.model.task.TaskReport;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All hosts that are connected now. */
public final class HostDirectory implements HostListener {
  private static final int EXPECTING_HOST_COUNT_MAX = 4;

  private static final Logger LOG = LoggerFactory.getLogger(HostDirectory.class);

  private final Ledger ledger;
  private final InstantSource clock;
  private final Runnable roomMayBeFree;
  private final LaunchClock launches = new LaunchClock();
  private final OutputQuestions questions = new OutputQuestions();
  private final SecretAnswers secrets;
  private final CredentialAnswers credentials;
  private final Map<HostSession, Connected> sessions = new ConcurrentHashMap<>();
  private final Map<HostId, Connected> hosts = new ConcurrentHashMap<>();
  private final Map<HostId, Instant> gone = new ConcurrentHashMap<>();
  private final LogDelivery logs;
  private final Instant startedAt;

  /**
   * One connection; the session's lock keeps the order in which it is told things.
   *
   * @param networks what it was told of networks, guarded by that lock
   */
  private record Connected(
      HostId host, long generation, HostSession session, ToldNetworks networks) {
    Connected(HostId host, long generation, HostSession session) {
      this(host, generation, session, new ToldNetworks(generation, session));
    }
  }

  /**
   * @param roomMayBeFree called when a host came or a task left one
   */
  public HostDirectory(Ledger ledger, InstantSource clock, Runnable roomMayBeFree) {
    this(
        ledger,
        clock,
        roomMayBeFree,
        LogSink.NONE,
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /**
   * @param roomMayBeFree called when a host came or a task left one
   * @param logs takes what containers write to their log streams
   * @param secrets opens what tasks refer to; without it, tasks that do cannot be launched
   * @param files reads tasks' environment files; the same
   * @param sessions issues the credentials of tasks' roles; without it there are none
   */
  public HostDirectory(
      Ledger ledger,
      InstantSource clock,
      Runnable roomMayBeFree,
      LogSink logs,
      Optional<TaskSecrets> secrets,
      Optional<EnvironmentFiles> files,
      Optional<RoleSessions> sessions) {
    this.ledger = ledger;
    this.clock = clock;
    this.roomMayBeFree = roomMayBeFree;
    this.logs = new LogDelivery(ledger, logs);
    this.startedAt = clock.instant();
    this.secrets = new SecretAnswers(ledger, clock, new SecretAnswers.Sources(secrets, files));
    this.credentials = new CredentialAnswers(ledger, clock, sessions);
  }

  @Override
  public void connected(HostSession session, ToControl.Hello hello) {
    if (hello.formatVersion() > RecordFormat.VERSION) {
      LOG.atError()
          .addKeyValue("host", hello.facts().id())
          .addKeyValue("formatVersion", hello.formatVersion())
          .log("a host of a newer version was refused: update the control plane first");
      session.close();
      return;
    }
    HostFacts facts = hello.facts();
    Host host = ledger.decide(draft -> registered(draft, facts));
    var connected = new Connected(facts.id(), host.generation(), session);
    synchronized (session) {
      sessions.put(session, connected);
      Connected before = hosts.put(facts.id(), connected);
      if (before != null) {
        before.session().close();
      }
      State state = ledger.state();
      List<TaskAssignment> assignments = assignments(state, facts.id());
      session.send(new ToAgent.Sync(host.generation(), assignments));
      assignments.forEach(each -> connected.networks().tell(state, each.spec().eni().vpc()));
    }
    LOG.atInfo()
        .addKeyValue("host", facts.id())
        .addKeyValue("generation", host.generation())
        .addKeyValue("capacity", facts.capacity())
        .log("host connected");
    roomMayBeFree.run();
  }

  private Host registered(Draft draft, HostFacts facts) {
    Optional<Host> known = draft.find(Kind.HOST, facts.id());
    Instant since = known.filter(host -> !host.lost()).map(Host::since).orElseGet(clock::instant);
    long generation = known.map(Host::generation).orElse(0L) + 1;
    var host = new Host(facts, generation, false, since);
    draft.put(Kind.HOST, host);
    return host;
  }

  private static List<TaskAssignment> assignments(State state, HostId host) {
    return state.tasksOn(host).stream()
        .flatMap(id -> state.find(Kind.TASK, id).stream())
        .map(HostDirectory::assignment)
        .toList();
  }

  private static TaskAssignment assignment(Task task) {
    return new TaskAssignment(
        task.spec(), task.placedOn().orElseThrow().bootId(), task.state().stopReason());
  }

  @Override
  public void received(HostSession session, ToControl message) {
    switch (message) {
      case ToControl.Hello _ -> session.close(); // Said once only.
      case ToControl.Heartbeat _ -> {} // That it arrived is all: the stream ends by silence.
      case ToControl.Report(var report) -> reported(session, report);
      case ToControl.Keeps(var tasks) -> forgetUnknown(session, tasks);
      case ToControl.Output output -> questions.answered(output);
      case ToControl.OpenLog wish -> way(session).ifPresent(from -> logs.open(from, wish));
      case ToControl.LogBatch batch -> way(session).ifPresent(from -> logs.append(from, batch));
      case ToControl.AskSecrets question ->
          way(session)
              .ifPresent(
                  from ->
                      secrets.answer(
                          from.id(), from.generation(), question, from.session()::accept));
      case ToControl.AskCredentials question ->
          way(session)
              .ifPresent(
                  from ->
                      credentials
                          .answer(from.id(), from.generation(), question)
                          .ifPresent(from.session()));
    }
  }

  private Optional<LogDelivery.Host> way(HostSession session) {
    return Optional.ofNullable(sessions.get(session))
        .map(
            from ->
                new LogDelivery.Host(
                    from.host(),
                    from.generation(),
                    message -> {
                      synchronized (session) {
                        session.send(message);
                      }
                    }));
  }

  private void reported(HostSession session, TaskReport report) {
    Connected from = sessions.get(session);
    if (from == null) {
      return;
    }
    boolean released = ledger.decide(draft -> noted(draft, from.host(), report));
    if (released) {
      tellNetworks(); // Before the address can be another's.
    }
    synchronized (session) {
      session.send(new ToAgent.Acknowledge(from.generation(), report.task(), report.sequence()));
    }
    forgetUnknown(session, List.of(report.task()));
    if (released) {
      launches.forget(report.task());
      roomMayBeFree.run();
    }
  }

  /** Whether the report gave room back. A host can only speak of tasks that it was given. */
  private boolean noted(Draft draft, HostId host, TaskReport report) {
    Optional<Task> known =
        draft
            .find(Kind.TASK, report.task())
            .filter(task -> task.state().holder().equals(Optional.of(host)));
    if (known.isEmpty()) {
      return false;
    }
    Task before = known.get();
    Task after = before.reported(report, clock.instant());
    if (after.version() == before.version()) {
      return false;
    }
    draft.put(Kind.TASK, launches.complete(after));
    return after.state().holder().isEmpty();
  }

  @Override
  public void disconnected(HostSession session) {
    Connected left = sessions.remove(session);
    if (left != null && hosts.remove(left.host(), left)) {
      gone.put(left.host(), clock.instant());
      LOG.atWarn().addKeyValue("host", left.host()).log("host disconnected");
    }
  }

  /**
   * Tells hosts that a task is being asked for, while its request is still checked and written
   * down. Of a large fleet none: who gets it is not known yet, and the others would be woken for
   * nothing.
   */
  public void expectTask() {
    if (hosts.size() > EXPECTING_HOST_COUNT_MAX) {
      return;
    }
    for (Connected to : hosts.values()) {
      synchronized (to.session()) {
        to.session().send(new ToAgent.Expect(to.generation()));
      }
    }
  }

  /** Tells the task's host, if it is connected, what should now be true of the task. */
  public void tell(TaskId id) {
    ledger
        .state()
        .find(Kind.TASK, id)
        .flatMap(task -> task.state().holder())
        .map(hosts::get)
        .ifPresent(to -> tell(to, id));
    tellNetworks();
  }

  /**
   * Tells every connected host what has changed of the networks that it knows; nothing where
   * nothing has.
   */
  public void tellNetworks() {
    for (Connected to : hosts.values()) {
      synchronized (to.session()) {
        to.networks().update(ledger.state());
      }
    }
  }

  private void tell(Connected to, TaskId id) {
    synchronized (to.session()) {
      State state = ledger.state();
      state
          .find(Kind.TASK, id)
          .filter(task -> task.state().holder().equals(Optional.of(to.host())))
          .ifPresent(
              task -> {
                to.networks().tell(state, task.spec().eni().vpc());
                to.session().send(new ToAgent.Assign(to.generation(), assignment(task)));
              });
    }
  }

  /** The launch's own record of time, for what happens between a commit and the next. */
  public LaunchClock launches() {
    return launches;
  }

  /** A host may have been away, or have died, when it was told that a task was forgotten. */
  private void forgetUnknown(HostSession session, List<TaskId> kept) {
    Connected from = sessions.get(session);
    if (from == null) {
      return;
    }
    State state = ledger.state();
    for (TaskId task : kept) {
      if (state.find(Kind.TASK, task).isEmpty()) {
        synchronized (session) {
          session.send(new ToAgent.Forget(from.generation(), task));
        }
      }
    }
  }

  /** Tells every connected host that nobody will ask for the task's output again. */
  public void forget(TaskId task) {
    launches.forget(task);
    hosts
        .values()
        .forEach(
            host -> {
              synchronized (host.session()) {
                host.session().send(new ToAgent.Forget(host.generation(), task));
              }
            });
  }

  /** For how long a host has been silent; zero while it is connected. */
  public Duration silence(HostId host) {
    return hosts.containsKey(host)
        ? Duration.ZERO
        : Duration.between(gone.getOrDefault(host, startedAt), clock.instant());
  }

  /** Asks for a piece of output; the answer fails when the host is not connected or goes. */
  public CompletableFuture<OutputPage> readOutput(
      HostId host, TaskId task, String container, long offset, int byteCountMax) {
    Connected to = hosts.get(host);
    if (to == null) {
      return CompletableFuture.failedFuture(
          new IllegalStateException("host " + host + " is not connected"));
    }
    return questions
        .ask(
            request -> {
              synchronized (to.session()) {
                to.session()
                    .send(
                        new ToAgent.ReadOutput(
                            to.generation(), request, task, container, offset, byteCountMax));
              }
            })
        .thenApply(OutputPage::of);
  }
}
