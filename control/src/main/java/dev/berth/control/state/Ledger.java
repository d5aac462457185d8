package dev.berth.control.state;

import dev.berth.link.format.RecordFormat;
import dev.berth.model.task.Task;
import dev.berth.store.CommitResult;
import dev.berth.store.Entry;
import dev.berth.store.Store;
import dev.berth.store.Transaction;
import dev.berth.store.Value;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The state, and the only way to change it: decisions are made one after the other against the
 * newest state, each is committed as one transaction, and an answer is given only once it is
 * durable.
 *
 * <p>A commit requires that this process still leads, so that a second control plane on the same
 * store ends this one's writing.
 */
public final class Ledger {
  private static final String LEADER_KEY = "/control/leader";

  private final Store store;
  private final long leadership;
  private final ReentrantLock order = new ReentrantLock();

  /** The newest decision, durable or not: what the next one is made on. Guarded by the lock. */
  private Decided head;

  private final AtomicReference<Decided> durable;

  /** Decisions that changed tasks and of which nobody was told yet, in their order. */
  private final Queue<Changed> untold = new ConcurrentLinkedQueue<>();

  private final ReentrantLock telling = new ReentrantLock();
  private volatile TaskListener listener = (_, _) -> {};

  /** The state after a decision, and the commit that makes it durable. */
  private record Decided(long number, State state, Store.Submitted commit) {}

  private record Changed(long number, State before, List<Task> tasks) {}

  /** Hears of each change of a task once it is durable, in the order of the decisions. */
  @FunctionalInterface
  public interface TaskListener {
    void changed(Optional<Task> before, Task after);
  }

  private Ledger(Store store, long leadership, State state) {
    this.store = store;
    this.leadership = leadership;
    this.head = new Decided(0, state, () -> new CommitResult.Committed(leadership));
    this.durable = new AtomicReference<>(head);
  }

  /**
   * Takes the lead and reads everything there is.
   *
   * @param name of this process, for whoever looks into the store
   */
  public static Ledger open(Store store, String name) {
    Transaction lead = Transaction.builder().put(LEADER_KEY, Value.of(name)).build();
    return switch (store.commit(lead)) {
      case CommitResult.Committed(long revision) ->
          new Ledger(store, revision, readAll(store, revision));
      case CommitResult.Conflict(var keys) -> throw new NotLeading("conflict on " + keys);
      case CommitResult.Unknown(String reason) -> throw new NotLeading(reason);
    };
  }

  /** From now on that listener is told, which must be quick: whoever decides waits for it. */
  public void listen(TaskListener toTell) {
    listener = toTell;
  }

  /** The newest durable state. */
  public State state() {
    return durable.get().state();
  }

  /**
   * Decides, and answers once that is durable. What a decision throws leaves everything as it was.
   */
  public <T, X extends Exception> T decide(Decision<T, X> decision) throws X {
    T answer;
    Decided decided;
    order.lock();
    try {
      var draft = new Draft(head.state().at(leadership + head.number() + 1));
      answer = decision.on(draft);
      if (!draft.isEmpty()) {
        List<Task> tasks = draft.changedTasks();
        if (!tasks.isEmpty()) {
          untold.add(new Changed(head.number() + 1, head.state(), tasks));
        }
        head = new Decided(head.number() + 1, draft.state(), submit(draft));
      }
      decided = head;
    } finally {
      order.unlock();
    }
    // A decision that changes nothing may rest on one that is not yet durable.
    awaitDurable(decided);
    tell();
    return answer;
  }

  private void tell() {
    if (untold.isEmpty()) {
      return;
    }
    telling.lock();
    try {
      Changed next = untold.peek();
      while (next != null && next.number() <= durable.get().number()) {
        for (Task task : next.tasks()) {
          listener.changed(next.before().find(Kind.TASK, task.id()), task);
        }
        untold.remove();
        next = untold.peek();
      }
    } finally {
      telling.unlock();
    }
  }

  private Store.Submitted submit(Draft draft) {
    Transaction.Builder transaction = Transaction.builder().requireVersion(LEADER_KEY, leadership);
    draft.addTo(transaction);
    return store.submit(transaction.build());
  }

  /** Later decisions are made on this one meanwhile, and none of them is durable without it. */
  private void awaitDurable(Decided decided) {
    if (durable.get().number() >= decided.number()) {
      return;
    }
    switch (decided.commit().await()) {
      case CommitResult.Committed _ ->
          durable.accumulateAndGet(
              decided, (known, now) -> now.number() > known.number() ? now : known);
      case CommitResult.Conflict _ -> throw new NotLeading("another process leads");
      case CommitResult.Unknown(String reason) -> throw new NotLeading(reason);
    }
  }

  private static State readAll(Store store, long revision) {
    State state = State.EMPTY.at(revision);
    for (Kind<?, ?> kind : Kind.all()) {
      state = read(store, kind, state);
    }
    return state;
  }

  private static <K, R extends Record> State read(Store store, Kind<K, R> kind, State before) {
    State state = before;
    for (Entry entry : store.range(kind.folder()).entries()) {
      state = state.with(kind, RecordFormat.read(entry.value().bytes(), kind.type()));
    }
    return state;
  }

  /** Pure: reads and changes the draft and nothing else. */
  @FunctionalInterface
  public interface Decision<T, X extends Exception> {
    T on(Draft draft) throws X;
  }

  /** This process may no longer write, or cannot know whether it wrote: it must end. */
  public static final class NotLeading extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotLeading(String reason) {
      super("the control plane cannot commit: " + reason);
    }
  }
}
