package dev.berth.simulation;

import dev.berth.link.message.ToAgent;
import dev.berth.link.message.ToControl;
import dev.berth.link.stream.ControlSession;
import dev.berth.link.stream.HostListener;
import dev.berth.link.stream.HostSession;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.random.RandomGenerator;

/**
 * One connection of one host: each direction keeps its order. When it breaks, some of what is on
 * the way still arrives, and each end learns of it in its own time, when nothing is left to come.
 */
final class Connection implements HostSession, ControlSession {
  /** As control's end does; an agent that says so much at once is a bug. */
  private static final int WAITING_COUNT_MAX = 16_384;

  final SimulatedHost host;
  final HostListener listener;
  final int number;
  private final RandomGenerator random;
  final Deque<ToControl> up = new ArrayDeque<>();
  final Deque<ToAgent> down = new ArrayDeque<>();
  private final boolean slow;

  /** What is on the way to the agent when it breaks arrives after the agent has given it up. */
  final boolean stray;

  boolean broken;
  boolean helloHeard;

  /** Control is about to answer the last message: the next one has to wait. */
  boolean busy;

  boolean controlOver;
  boolean agentOver;

  Connection(SimulatedHost host, HostListener listener, int number, RandomGenerator random) {
    this.host = host;
    this.listener = listener;
    this.number = number;
    this.random = random;
    this.slow = random.nextInt(3) == 0;
    this.stray = random.nextInt(3) == 0;
  }

  @Override
  public void send(ToAgent message) {
    if (!broken) {
      if (down.size() >= WAITING_COUNT_MAX) {
        throw new Violation("control says too much to %s".formatted(host));
      }
      down.addLast(message);
    }
  }

  @Override
  public void send(ToControl message) {
    host.machine.crashPoint("before send");
    if (!broken) {
      if (up.size() >= WAITING_COUNT_MAX) {
        throw new Violation("%s says too much".formatted(host));
      }
      up.addLast(message);
    }
    host.machine.crashPoint("after send");
  }

  /** By either end, or by what lies between. */
  @Override
  public void close() {
    if (!broken) {
      broken = true;
      cutShort(up);
      cutShort(down);
    }
  }

  private void cutShort(Deque<?> messages) {
    int keptCount = random.nextInt(messages.size() + 1);
    while (messages.size() > keptCount) {
      messages.removeLast();
    }
  }

  /** The agent's process is no more. What it has sent may still arrive. */
  void agentKilled() {
    close();
    agentOver = true;
    down.clear();
  }

  /** Control's process is no more. What it has sent may still arrive. */
  void controlKilled() {
    close();
    controlOver = true;
    up.clear();
  }

  boolean mayTellAgent() {
    return !down.isEmpty() && (!broken || agentOver || !stray);
  }

  boolean isSlow() {
    return slow || agentOver;
  }

  boolean isOver() {
    return controlOver && agentOver && down.isEmpty();
  }

  @Override
  public String toString() {
    return "connection " + number + " of " + host;
  }
}
