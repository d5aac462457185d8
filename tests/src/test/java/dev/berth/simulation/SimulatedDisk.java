package dev.berth.simulation;

import dev.berth.store.CommitResult;
import dev.berth.store.Entry;
import dev.berth.store.Store;
import dev.berth.store.Transaction;
import dev.berth.store.Watch;
import dev.berth.store.memory.MemoryStore;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The store as one life of control has it: what was handed in becomes durable in order, at the
 * latest when somebody waits for it. A kill loses the rest, or a part of it.
 */
final class SimulatedDisk implements Store {
  private final MemoryStore durable;
  private final Runnable meanwhile;
  private final Deque<Handed> handed = new ArrayDeque<>();

  private static final class Handed {
    final Transaction transaction;
    @Nullable CommitResult result;

    Handed(Transaction transaction) {
      this.transaction = transaction;
    }
  }

  /**
   * @param durable what outlives control
   * @param meanwhile what happens while somebody waits for a commit; it may be control's death
   */
  SimulatedDisk(MemoryStore durable, Runnable meanwhile) {
    this.durable = durable;
    this.meanwhile = meanwhile;
  }

  @Override
  public Submitted submit(Transaction transaction) {
    var entry = new Handed(transaction);
    handed.addLast(entry);
    return () -> {
      if (entry.result == null) {
        meanwhile.run();
      }
      return written(entry);
    };
  }

  /** Writes all that was handed in before it, and it. */
  private CommitResult written(Handed entry) {
    CommitResult result = entry.result;
    while (result == null) {
      writeFirst();
      result = entry.result;
    }
    return result;
  }

  private void writeFirst() {
    Handed first = handed.removeFirst();
    first.result = durable.commit(first.transaction);
  }

  /**
   * Control was killed: the first of what is not yet written may be, the rest is lost.
   *
   * @return whether nothing was lost
   */
  boolean cutOff(RandomGenerator random, Trace trace) {
    int keptCount = random.nextInt(handed.size() + 1);
    for (int kept = 0; kept < keptCount; kept++) {
      writeFirst();
      trace.add(Trace.Kind.COMMIT_KEPT, "");
    }
    handed.forEach(_ -> trace.add(Trace.Kind.COMMIT_LOST, ""));
    boolean nothingLost = handed.isEmpty();
    handed.clear();
    return nothingLost;
  }

  @Override
  public CommitResult commit(Transaction transaction) {
    return submit(transaction).await();
  }

  @Override
  public Optional<Entry> get(String key) {
    return durable.get(key);
  }

  @Override
  public long scan(String prefix, Consumer<Entry> reader) {
    return durable.scan(prefix, reader);
  }

  @Override
  public Watch watch(String prefix, long fromRevision) {
    return durable.watch(prefix, fromRevision);
  }

  @Override
  public void close() {}
}
