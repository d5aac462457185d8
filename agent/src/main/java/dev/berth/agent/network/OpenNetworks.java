package dev.berth.agent.network;

import dev.berth.model.network.VpcId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The VPCs of which this host has a router, who is at work in each, and since when one has had no
 * task.
 *
 * <p>A network goes only while nobody is in it: whoever attaches or detaches has entered it before.
 * Guarded by its owner's lock, but for {@link #find} and {@link #all}.
 */
final class OpenNetworks {
  private static final class Entry {
    final VpcNetwork network;
    int insideCount;
    volatile boolean leaving;
    OptionalLong idleSinceNanos = OptionalLong.empty();

    Entry(VpcNetwork network) {
      this.network = network;
    }
  }

  private final Map<VpcId, Entry> entries = new ConcurrentHashMap<>();

  void add(VpcId vpc, VpcNetwork network) {
    entries.put(vpc, new Entry(network));
  }

  /** Also one that is just leaving: it does nothing any more. */
  Optional<VpcNetwork> find(VpcId vpc) {
    return Optional.ofNullable(entries.get(vpc)).map(entry -> entry.network);
  }

  /** Without those that are leaving. */
  List<VpcNetwork> all() {
    return entries.values().stream()
        .filter(entry -> !entry.leaving)
        .map(entry -> entry.network)
        .toList();
  }

  boolean isOpen(VpcId vpc) {
    var entry = entries.get(vpc);
    return entry != null && !entry.leaving;
  }

  boolean isLeaving(VpcId vpc) {
    var entry = entries.get(vpc);
    return entry != null && entry.leaving;
  }

  /** The VPC's network, which stays until {@link #exit}; nothing where there is none. */
  Optional<VpcNetwork> enter(VpcId vpc) {
    var entry = entries.get(vpc);
    if (entry == null || entry.leaving) {
      return Optional.empty();
    }
    entry.insideCount++;
    entry.idleSinceNanos = OptionalLong.empty();
    return Optional.of(entry.network);
  }

  void exit(VpcId vpc) {
    var entry = entries.get(vpc);
    if (entry != null) {
      entry.insideCount--;
    }
  }

  /** The VPCs that have had no task for so long, as far as looks at them tell. */
  List<VpcId> idle(long nowNanos, Duration idleMax) {
    return entries.entrySet().stream()
        .filter(each -> isIdle(each.getValue(), nowNanos, idleMax))
        .map(Map.Entry::getKey)
        .toList();
  }

  private static boolean isIdle(Entry entry, long nowNanos, Duration idleMax) {
    if (entry.leaving || entry.insideCount > 0 || !entry.network.isIdle()) {
      entry.idleSinceNanos = OptionalLong.empty();
      return false;
    }
    entry.idleSinceNanos = OptionalLong.of(entry.idleSinceNanos.orElse(nowNanos));
    return nowNanos - entry.idleSinceNanos.getAsLong() >= idleMax.toNanos();
  }

  /** Nobody enters it from now on. */
  void beginLeaving(VpcId vpc) {
    var entry = entries.get(vpc);
    if (entry != null) {
      entry.leaving = true;
    }
  }

  void clear() {
    entries.clear();
  }

  /** It has gone. */
  void remove(VpcId vpc) {
    entries.remove(vpc);
  }
}
