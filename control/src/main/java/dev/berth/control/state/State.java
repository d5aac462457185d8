package dev.berth.control.state;

import dev.berth.model.cluster.ClusterId;
import dev.berth.model.host.Capacity;
import dev.berth.model.host.HostId;
import dev.berth.model.task.Task;
import dev.berth.model.task.TaskId;
import dev.berth.model.task.TaskState;
import java.util.Collection;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;
import org.pcollections.PSortedSet;
import org.pcollections.TreePSet;

/**
 * All records at one moment, with what is derived from them. Immutable; states share structure, so
 * a change costs no copy.
 */
public final class State {
  /** Nothing is there. */
  static final State EMPTY =
      new State(
          HashTreePMap.empty(),
          HashTreePMap.empty(),
          HashTreePMap.empty(),
          HashTreePMap.empty(),
          TreePSet.empty(),
          NetworkIndex.EMPTY,
          0);

  private final PMap<Kind<?, ?>, PMap<Object, Record>> tables;
  private final PMap<ClusterId, PSortedSet<TaskId>> byCluster;
  private final PMap<HostId, PSortedSet<TaskId>> byHost;
  private final PMap<HostId, Capacity> usedByHost;
  private final PSortedSet<TaskId> unplaced;
  private final NetworkIndex networks;
  private final long revision;

  private State(
      PMap<Kind<?, ?>, PMap<Object, Record>> tables,
      PMap<ClusterId, PSortedSet<TaskId>> byCluster,
      PMap<HostId, PSortedSet<TaskId>> byHost,
      PMap<HostId, Capacity> usedByHost,
      PSortedSet<TaskId> unplaced,
      NetworkIndex networks,
      long revision) {
    this.tables = tables;
    this.byCluster = byCluster;
    this.byHost = byHost;
    this.usedByHost = usedByHost;
    this.unplaced = unplaced;
    this.networks = networks;
    this.revision = revision;
  }

  /**
   * The number of the decision that led here. It grows with every decision that changes anything,
   * and beyond a restart too: it starts from the store's revision, which grows with each commit.
   */
  public long revision() {
    return revision;
  }

  /** Who has which address, and what of each VPC changed when. */
  public NetworkIndex networks() {
    return networks;
  }

  /** The record of that key. */
  public <K, R extends Record> Optional<R> find(Kind<K, R> kind, K key) {
    return Optional.ofNullable(kind.type().cast(table(kind).get(key)));
  }

  /** All records of a kind, in no order. */
  public <K, R extends Record> Collection<R> all(Kind<K, R> kind) {
    return table(kind).values().stream().map(kind.type()::cast).toList();
  }

  /** The tasks of a cluster, by id. */
  public PSortedSet<TaskId> tasksIn(ClusterId cluster) {
    return byCluster.getOrDefault(cluster, TreePSet.empty());
  }

  /** The tasks that take room on a host, by id. */
  public PSortedSet<TaskId> tasksOn(HostId host) {
    return byHost.getOrDefault(host, TreePSet.empty());
  }

  /** How much of a host its tasks take. */
  public Capacity used(HostId host) {
    return usedByHost.getOrDefault(host, Capacity.NONE);
  }

  /** The tasks that wait for room, by id. */
  public PSortedSet<TaskId> unplaced() {
    return unplaced;
  }

  <K, R extends Record> State with(Kind<K, R> kind, R entry) {
    K key = kind.key().apply(entry);
    PMap<Object, Record> table = table(kind);
    State next =
        withTable(kind, table.plus(key, entry))
            .withNetworks(networks.changed(table.get(key), entry, revision));
    return entry instanceof Task task ? next.indexed(task(table, key), task) : next;
  }

  <K, R extends Record> State without(Kind<K, R> kind, K key) {
    PMap<Object, Record> table = table(kind);
    State next =
        withTable(kind, table.minus(key))
            .withNetworks(networks.changed(table.get(key), null, revision));
    Task before = task(table, key);
    return before == null ? next : next.indexed(before, null);
  }

  private PMap<Object, Record> table(Kind<?, ?> kind) {
    return tables.getOrDefault(kind, HashTreePMap.empty());
  }

  private static @Nullable Task task(PMap<Object, Record> table, Object key) {
    return table.get(key) instanceof Task task ? task : null;
  }

  private State withTable(Kind<?, ?> kind, PMap<Object, Record> table) {
    return new State(
        tables.plus(kind, table), byCluster, byHost, usedByHost, unplaced, networks, revision);
  }

  private State withNetworks(NetworkIndex now) {
    return now == networks
        ? this
        : new State(tables, byCluster, byHost, usedByHost, unplaced, now, revision);
  }

  /** The same state, for the decision of that number. */
  State at(long newRevision) {
    return new State(tables, byCluster, byHost, usedByHost, unplaced, networks, newRevision);
  }

  /** Takes a task's old version out of the indexes and puts its new one in. */
  private State indexed(@Nullable Task before, @Nullable Task after) {
    var clusters = byCluster;
    var hosts = byHost;
    var used = usedByHost;
    var waiting = unplaced;
    if (before != null) {
      clusters = minus(clusters, before.cluster(), before.id());
      waiting = waiting.minus(before.id());
      HostId holder = before.state().holder().orElse(null);
      if (holder != null) {
        hosts = minus(hosts, holder, before.id());
        used = used.plus(holder, used(holder).minus(before.spec().size().capacity()));
      }
    }
    if (after != null) {
      clusters = plus(clusters, after.cluster(), after.id());
      if (after.state() instanceof TaskState.Provisioning) {
        waiting = waiting.plus(after.id());
      }
      HostId holder = after.state().holder().orElse(null);
      if (holder != null) {
        hosts = plus(hosts, holder, after.id());
        Capacity now = used.getOrDefault(holder, Capacity.NONE);
        used = used.plus(holder, now.plus(after.spec().size().capacity()));
      }
    }
    return new State(tables, clusters, hosts, used, waiting, networks, revision);
  }

  private static <K> PMap<K, PSortedSet<TaskId>> plus(
      PMap<K, PSortedSet<TaskId>> index, K key, TaskId task) {
    return index.plus(key, index.getOrDefault(key, TreePSet.empty()).plus(task));
  }

  private static <K> PMap<K, PSortedSet<TaskId>> minus(
      PMap<K, PSortedSet<TaskId>> index, K key, TaskId task) {
    PSortedSet<TaskId> rest = index.getOrDefault(key, TreePSet.empty()).minus(task);
    return rest.isEmpty() ? index.minus(key) : index.plus(key, rest);
  }
}
