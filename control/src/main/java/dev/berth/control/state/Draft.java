package dev.berth.control.state;

import dev.berth.link.format.RecordFormat;
import dev.berth.model.task.Task;
import dev.berth.model.task.TaskId;
import dev.berth.store.Transaction;
import dev.berth.store.Value;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A decision in the making: the state as it would be, and the writes that make it so. */
public final class Draft {
  private State state;

  /** The bytes to write by store key; empty where the key is deleted. */
  private final Map<String, Optional<Value>> writes = new LinkedHashMap<>();

  private final Set<TaskId> changedTasks = new LinkedHashSet<>();

  Draft(State state) {
    this.state = state;
  }

  /** The state with everything that this draft has changed so far. */
  public State state() {
    return state;
  }

  public <K, R extends Record> Optional<R> find(Kind<K, R> kind, K key) {
    return state.find(kind, key);
  }

  /** Adds a record or replaces the one of the same key. */
  public <K, R extends Record> void put(Kind<K, R> kind, R entry) {
    state = state.with(kind, entry);
    if (entry instanceof Task task) {
      changedTasks.add(task.id());
    }
    writes.put(kind.storeKey(entry), Optional.of(Value.of(RecordFormat.write(entry))));
  }

  /** Removes a record; one that is not there is no failure. */
  public <K, R extends Record> void remove(Kind<K, R> kind, K key) {
    @Nullable R entry = state.find(kind, key).orElse(null);
    if (entry != null) {
      state = state.without(kind, key);
      writes.put(kind.storeKey(entry), Optional.empty());
    }
  }

  /** The tasks that were added or replaced, as they are now. */
  List<Task> changedTasks() {
    return changedTasks.stream().flatMap(id -> state.find(Kind.TASK, id).stream()).toList();
  }

  boolean isEmpty() {
    return writes.isEmpty();
  }

  void addTo(Transaction.Builder transaction) {
    writes.forEach(
        (key, value) ->
            value.ifPresentOrElse(
                bytes -> transaction.put(key, bytes), () -> transaction.delete(key)));
  }
}
