package dev.berth.simulation;

import dev.berth.control.command.TaskCommands;
import dev.berth.control.rounds.Rounds;
import dev.berth.control.state.Ledger;
import dev.berth.model.host.Capacity;
import dev.berth.simulation.Trace.Kind;
import dev.berth.store.memory.MemoryStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

/**
 * Everything there is, and what may happen to it. Trouble first: a seed chooses one thing after the
 * other. Then rest: nothing fails any more, and all that was begun must come to its end.
 */
final class World {
  static final Rounds.Settings PATIENCE =
      new Rounds.Settings(Duration.ofSeconds(60), Duration.ofMinutes(10), Duration.ofHours(1));

  private static final int TROUBLE_STEP_COUNT = 250;
  private static final int TRY_COUNT_MAX = 20;
  private static final int DEPTH_MAX = 2;
  private static final int STEP_MILLIS_MAX = 400;

  private static final List<Capacity> SIZES =
      List.of(
          new Capacity(512, 1024),
          new Capacity(1024, 3072),
          new Capacity(2048, 4096),
          new Capacity(3072, 4096));

  final Trace trace = new Trace();
  final SimulatedClock clock = new SimulatedClock();
  final List<SimulatedHost> hosts = new ArrayList<>();
  final Network network;
  final Clients clients;
  final Invariants invariants;
  private final RandomGenerator random;
  private final Seams seams;
  private final MemoryStore durable = new MemoryStore(1);
  private final TaskCommands.NoCapacity noCapacity;
  private final List<Possible> possible;
  private final int weightSum;
  private Faults faults;
  private Optional<SimulatedControl> control = Optional.empty();
  private Optional<SimulatedControl> old = Optional.empty();

  /** How many things wait for control's disk, one begun within the other. */
  private int depth;

  private boolean roundGoesOn;
  private boolean calm;

  /** Something that may happen, unless it is not possible now: then it answers false. */
  private record Possible(int weight, BooleanSupplier happens) {}

  World(long seed, Path folder, Seams seams) {
    this.random = new SplittableRandom(seed);
    this.seams = seams;
    this.faults = Faults.drawn(random);
    this.noCapacity =
        random.nextInt(3) > 0 ? TaskCommands.NoCapacity.WAIT : TaskCommands.NoCapacity.FAIL;
    this.network = new Network(random, trace, seams);
    this.clients = new Clients(random, clock, trace, seams, PATIENCE.runTokenKept());
    int hostCount = 1 + random.nextInt(4);
    for (int number = 1; number <= hostCount; number++) {
      var host =
          new SimulatedHost(
              "host-" + number,
              SIZES.get(random.nextInt(SIZES.size())),
              folder.resolve("host-" + number),
              clock,
              random,
              trace,
              seams);
      host.machine.crashes = _ -> chance(faults.agentKill());
      host.machine.failures = _ -> chance(faults.hostFailure());
      hosts.add(host);
    }
    this.invariants = new Invariants(hosts, clients, clock, PATIENCE, trace);
    this.possible = possible();
    this.weightSum = possible.stream().mapToInt(Possible::weight).sum();
  }

  private List<Possible> possible() {
    return List.of(
        new Possible(24, () -> network.deliverToControl(faults.duplicate())),
        new Possible(24, () -> network.deliverToAgent(faults.duplicate())),
        new Possible(50, () -> someHost().work()),
        new Possible(10, this::connectOne),
        new Possible(4, network::noticeAtAgent),
        new Possible(4, network::noticeAtControl),
        new Possible(10, () -> control.map(clients::call).orElse(false)),
        new Possible(8, this::roundWhenWoken),
        new Possible(2, this::round),
        new Possible(3, () -> someHost().endProcess()),
        new Possible(6, this::startAgent),
        new Possible(2, network::breakOne),
        new Possible(1, network::replayReport),
        new Possible(2, this::rareTrouble),
        new Possible(8, this::startControl),
        new Possible(2, this::oldControlCommand));
  }

  private boolean rareTrouble() {
    var host = someHost();
    switch (random.nextInt(16)) {
      case 0, 1 -> {
        return killControl();
      }
      case 2, 3, 4, 5 -> {
        if (!host.isAlive()) {
          return false;
        }
        host.kill();
      }
      case 6, 7, 8 -> {
        if (!host.isGone()) {
          host.reboot();
        }
      }
      case 9 -> {
        if (random.nextInt(4) == 0 && !host.isGone()) {
          host.leave();
        }
      }
      case 10, 11, 12 -> {
        trace.add(Kind.PARTITION, host.toString());
        host.partitioned = !host.partitioned;
        if (host.partitioned) {
          network.breakOf(host);
        }
      }
      case 13 -> jump(Duration.ofSeconds(-1 - random.nextInt(5)));
      case 14 -> jump(Duration.ofSeconds(random.nextInt(90)));
      default -> jump(Duration.ofSeconds(random.nextInt(900)));
    }
    return true;
  }

  void jump(Duration by) {
    trace.add(Kind.CLOCK_JUMP, by.toString());
    clock.move(by);
  }

  /** All that goes wrong goes wrong here. */
  void trouble() {
    startControl();
    depth = DEPTH_MAX; // What an operator does before there is any trouble.
    Clients.register(control().ledger(), clock.instant());
    depth = 0;
    hosts.forEach(SimulatedHost::start);
    for (int step = 0; step < TROUBLE_STEP_COUNT; step++) {
      step();
    }
  }

  private void step() {
    clock.move(Duration.ofMillis(random.nextInt(STEP_MILLIS_MAX)));
    try {
      for (int tries = 0; tries < TRY_COUNT_MAX && !somethingHappens(); tries++) {}
    } catch (ControlDied died) {
      if (depth > 0) {
        throw died; // It dies in everything that waits.
      }
      buryControl();
    }
    check();
  }

  void check() {
    invariants.check(control.map(each -> each.ledger().state()));
  }

  private boolean somethingHappens() {
    int left = random.nextInt(weightSum);
    for (Possible each : possible) {
      left -= each.weight();
      if (left < 0) {
        return each.happens().getAsBoolean();
      }
    }
    throw new AssertionError("weights do not add up");
  }

  /** What happens while control waits for its disk. */
  private void meanwhile() {
    if (depth == DEPTH_MAX) {
      return;
    }
    depth++;
    try {
      while (chance(faults.interleaving())) {
        trace.add(Kind.INTERLEAVED, "in " + depth);
        if (calm) {
          settle();
        } else {
          step();
        }
      }
    } finally {
      depth--;
    }
    if (chance(faults.controlKill())) {
      throw new ControlDied();
    }
  }

  private boolean startControl() {
    if (control.isPresent() || depth > 0) {
      return false;
    }
    trace.add(Kind.CONTROL_STARTED, "");
    Faults known = faults;
    faults = faults.calm(); // Dead before it lived is no event.
    depth = DEPTH_MAX;
    var made =
        new SimulatedControl(durable, this::meanwhile, seams, clock, random, noCapacity, PATIENCE);
    depth = 0;
    faults = known;
    control = Optional.of(made);
    return true;
  }

  private boolean killControl() {
    if (control.isEmpty()) {
      return false;
    }
    throw new ControlDied();
  }

  private void buryControl() {
    trace.add(Kind.CONTROL_KILLED, "");
    depth = 0;
    roundGoesOn = false;
    control.ifPresent(
        dead -> {
          boolean knowsNoMoreThanTheDisk = dead.disk().cutOff(random, trace);
          old = knowsNoMoreThanTheDisk ? Optional.of(dead) : Optional.empty();
        });
    control = Optional.empty();
    network.controlKilled();
  }

  /** It was thought dead and another one was started, but somebody still reaches it. */
  private boolean oldControlCommand() {
    if (depth > 0 || control.isEmpty() || old.isEmpty()) {
      return false;
    }
    depth = DEPTH_MAX;
    clients.callOld(old.get());
    depth = 0;
    old = Optional.empty();
    return true;
  }

  private boolean roundWhenWoken() {
    if (roundGoesOn || control.isEmpty() || !control.get().woken) {
      return false;
    }
    control.get().woken = false;
    roundGoesOn = true;
    seams.place(control.get());
    roundGoesOn = false;
    return true;
  }

  /** What the clock does every second. */
  boolean round() {
    if (roundGoesOn || control.isEmpty()) {
      return false;
    }
    trace.add(Kind.ROUND, clock.instant().toString());
    roundGoesOn = true;
    var current = control.get();
    seams.place(current);
    seams.giveUp(current);
    current.rounds().forgetWhatIsOld();
    roundGoesOn = false;
    return true;
  }

  private boolean connectOne() {
    var host = someHost();
    if (control.isEmpty() || !host.wantsConnection()) {
      return false;
    }
    network.connect(host, control.get());
    return true;
  }

  private boolean startAgent() {
    var host = someHost();
    if (host.isAlive() || host.isGone()) {
      return false;
    }
    host.start();
    return true;
  }

  private SimulatedHost someHost() {
    return hosts.get(random.nextInt(hosts.size()));
  }

  private boolean chance(double probability) {
    return probability > 0 && random.nextDouble() < probability;
  }

  Ledger ledger() {
    return control.orElseThrow().ledger();
  }

  SimulatedControl control() {
    return control.orElseThrow();
  }

  /** From here on nothing fails, and what is cut off is reached again. */
  void calmDown() {
    calm = true;
    faults = faults.calm();
    startControl();
    for (SimulatedHost host : hosts) {
      host.partitioned = false;
      if (!host.isAlive() && !host.isGone()) {
        host.start();
      }
    }
    check();
  }

  /** Lets one thing happen that has to; false when all is at rest. */
  boolean settle() {
    List<BooleanSupplier> due = new ArrayList<>();
    due.add(() -> network.deliverToControl(0));
    due.add(() -> network.deliverToAgent(0));
    due.add(network::noticeAtAgent);
    due.add(network::noticeAtControl);
    due.add(this::roundWhenWoken);
    hosts.forEach(host -> due.add(host::work));
    hosts.forEach(host -> due.add(() -> connect(host)));
    int first = random.nextInt(due.size());
    for (int index = 0; index < due.size(); index++) {
      if (due.get((first + index) % due.size()).getAsBoolean()) {
        check();
        return true;
      }
    }
    return false;
  }

  private boolean connect(SimulatedHost host) {
    if (!host.wantsConnection()) {
      return false;
    }
    network.connect(host, control());
    return true;
  }
}
