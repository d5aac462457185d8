package dev.berth.simulation;

import dev.berth.agent.Agent;
import dev.berth.agent.AgentSettings;
import dev.berth.agent.Machine;
import dev.berth.agent.runtime.ContainerKey;
import dev.berth.agent.task.FakeHost;
import dev.berth.agent.task.PumpedWork;
import dev.berth.agent.task.SimulatedCrash;
import dev.berth.link.message.ToAgent;
import dev.berth.model.host.Capacity;
import dev.berth.model.host.HostId;
import dev.berth.simulation.Trace.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;

/**
 * A machine with the real agent on it, in all of the agent's lives. The machine, its containers and
 * its disk are simulated; the agent's journal is real files.
 */
final class SimulatedHost {
  private static final int STOP_EXIT_CODE_MAX = 4;

  final FakeHost machine = new FakeHost();
  final Capacity capacity;
  private final String name;
  private final Path folder;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final Trace trace;
  private final Seams seams;
  private PumpedWork work = new PumpedWork(machine);
  private Optional<Agent> agent = Optional.empty();
  private Optional<HostId> id = Optional.empty();
  private Optional<Connection> connection = Optional.empty();

  /** All that this life of the agent ever had: messages of each may still be on the way. */
  private final List<Connection> connections = new ArrayList<>();

  private int bootCount = 1;
  private boolean gone;

  /** No connection comes about while this holds. */
  boolean partitioned;

  SimulatedHost(
      String name,
      Capacity capacity,
      Path folder,
      InstantSource clock,
      RandomGenerator random,
      Trace trace,
      Seams seams) {
    this.name = name;
    this.capacity = capacity;
    this.folder = folder;
    this.clock = clock;
    this.random = random;
    this.trace = trace;
    this.seams = seams;
    machine.clock = clock;
    machine.silent = random.nextBoolean();
    machine.onTerm = random.nextBoolean() ? FakeHost.OnTerm.ENDS : FakeHost.OnTerm.IGNORES;
  }

  /** By which control knows it; empty before its first agent. */
  Optional<HostId> id() {
    return id;
  }

  String bootId() {
    return name + " boot " + bootCount;
  }

  boolean isGone() {
    return gone;
  }

  boolean isAlive() {
    return agent.isPresent();
  }

  boolean wantsConnection() {
    return agent.isPresent() && connection.isEmpty() && !partitioned;
  }

  void start() {
    trace.add(Kind.AGENT_STARTED, name);
    work = new PumpedWork(machine);
    guarded(
        () -> {
          var made =
              new Agent(
                  new AgentSettings(
                      folder, "a", Optional.of(capacity), 0, Map.of(), 1 + random.nextInt(3)),
                  new Machine(bootId(), capacity, "X86_64"),
                  machine.parts(),
                  (_, _, _) -> {
                    throw new IOException("nobody reads");
                  },
                  work,
                  clock,
                  random);
          id = Optional.of(made.facts().id());
          made.start();
          agent = Optional.of(made);
        });
  }

  void connect(Connection made) {
    connection = Optional.of(made);
    connections.add(made);
    guarded(() -> agent.orElseThrow().connected(made));
  }

  void receive(Connection from, ToAgent message) {
    guarded(() -> agent.orElseThrow().received(from, message));
  }

  void disconnect(Connection from) {
    connection = connection.filter(current -> current != from);
    guarded(() -> agent.orElseThrow().disconnected(from));
  }

  /** One piece of the agent's work; false when there is none that could be done. */
  boolean work() {
    if (agent.isEmpty()) {
      return false;
    }
    boolean[] done = new boolean[1];
    done[0] = true;
    guarded(() -> done[0] = work.runOne(random));
    return done[0];
  }

  private interface Doing {
    void run() throws IOException;
  }

  private void guarded(Doing doing) {
    try {
      doing.run();
    } catch (SimulatedCrash _) {
      kill();
    } catch (IOException e) {
      throw new UncheckedIOException("the real files of " + name, e);
    }
  }

  /** The agent's process is killed. What it started runs on. */
  void kill() {
    trace.add(Kind.AGENT_KILLED, name);
    agent = Optional.empty();
    connections.forEach(Connection::agentKilled);
    connections.clear();
    connection = Optional.empty();
    try {
      seams.killed(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The machine loses its power and comes up again. */
  void reboot() {
    kill();
    trace.add(Kind.MACHINE_RESTARTED, name);
    machine.restart();
    bootCount++;
    for (var directory : List.of("tasks", "ended")) {
      try {
        loseWhatWasNotSynced(folder.resolve(directory));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private void loseWhatWasNotSynced(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return;
    }
    List<Path> files;
    try (var listed = Files.list(directory)) {
      files = listed.sorted().toList();
    }
    for (Path file : files) {
      switch (random.nextInt(6)) {
        case 0 -> Files.delete(file);
        case 1 -> Files.write(file, new byte[0]);
        default -> {}
      }
    }
  }

  /** The machine burns down. */
  void leave() {
    kill();
    trace.add(Kind.MACHINE_GONE, name);
    machine.restart();
    gone = true;
  }

  /** Some process of a container ends by itself. */
  boolean endProcess() {
    List<ContainerKey> running = machine.running();
    if (running.isEmpty()) {
      return false;
    }
    var key = running.get(random.nextInt(running.size()));
    trace.add(Kind.PROCESS_ENDED, name + ": " + Words.of(key.task()) + " " + key.name());
    machine.end(
        key,
        random.nextInt(10) == 0
            ? OptionalInt.empty()
            : OptionalInt.of(random.nextInt(STOP_EXIT_CODE_MAX)));
    return true;
  }

  /** For a failure's text. */
  String waitingWork() {
    return work.steps().toString();
  }

  @Override
  public String toString() {
    return name;
  }
}
