package dev.berth.simulation;

import dev.berth.control.command.TaskCommands;
import dev.berth.control.hosts.HostDirectory;
import dev.berth.control.query.TaskQueries;
import dev.berth.control.rounds.Rounds;
import dev.berth.control.state.Ledger;
import dev.berth.link.stream.HostListener;
import dev.berth.store.memory.MemoryStore;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/** One life of the control plane: the real parts, wired as the server wires them. */
final class SimulatedControl {
  private final SimulatedDisk disk;
  private final Ledger ledger;
  private final TaskCommands tasks;
  private final TaskQueries queries;
  private final HostDirectory directory;
  private final HostListener listener;
  private final Rounds rounds;

  /** Something may now be possible that was not. */
  boolean woken = true;

  /**
   * @param durable what was written by the lives before
   * @param meanwhile what happens while this one waits for its disk
   */
  SimulatedControl(
      MemoryStore durable,
      Runnable meanwhile,
      Seams seams,
      InstantSource clock,
      RandomGenerator random,
      TaskCommands.NoCapacity noCapacity,
      Rounds.Settings patience) {
    this.disk = new SimulatedDisk(durable, meanwhile);
    this.ledger = Ledger.open(seams.store(disk), "simulated");
    this.tasks = new TaskCommands(ledger, clock, random, noCapacity);
    this.queries = new TaskQueries(ledger);
    this.directory = new HostDirectory(ledger, clock, () -> woken = true);
    this.listener = seams.listener(directory);
    this.rounds = new Rounds(ledger, directory, clock, patience);
  }

  SimulatedDisk disk() {
    return disk;
  }

  Ledger ledger() {
    return ledger;
  }

  TaskCommands tasks() {
    return tasks;
  }

  TaskQueries queries() {
    return queries;
  }

  HostDirectory directory() {
    return directory;
  }

  HostListener listener() {
    return listener;
  }

  Rounds rounds() {
    return rounds;
  }
}
