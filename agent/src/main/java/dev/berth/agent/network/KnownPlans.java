package dev.berth.agent.network;

import dev.berth.model.network.EniSpec;
import dev.berth.model.network.VpcId;
import dev.berth.model.network.VpcPlan;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Control's newest plan of each VPC, and those of VPCs with a router on the disk.
 *
 * <p>They are guarded by their owner's lock, which launches take; nothing is written under it.
 */
final class KnownPlans {
  private final VpcFolder folder;
  private final ReentrantLock lock;
  private final Map<VpcId, VpcPlan> plans = new HashMap<>();

  /** Whose plan on the disk is to be replaced by the newest. */
  private final Set<VpcId> owed = new HashSet<>();

  /** Held by who writes, and taken before the owner's. */
  private final ReentrantLock writing = new ReentrantLock();

  KnownPlans(VpcFolder folder, ReentrantLock lock) {
    this.folder = folder;
    this.lock = lock;
  }

  Optional<VpcPlan> find(VpcId vpc) {
    return Optional.ofNullable(plans.get(vpc));
  }

  /** A plan that knows the interface's subnet and groups. */
  Optional<VpcPlan> find(EniSpec eni) {
    return find(eni.vpc()).filter(plan -> knows(plan, eni));
  }

  private static boolean knows(VpcPlan plan, EniSpec eni) {
    return plan.subnets().stream().anyMatch(subnet -> subnet.id().equals(eni.subnet()))
        && eni.groups().stream()
            .allMatch(group -> plan.groups().stream().anyMatch(each -> each.id().equals(group)));
  }

  void put(VpcPlan plan) {
    plans.put(plan.id(), plan);
  }

  /** The newest plan of that VPC is to be on the disk. */
  void owe(VpcId vpc) {
    owed.add(vpc);
  }

  /** Writes down all that is owed. Not to be called under the owner's lock. */
  void keep() throws IOException {
    List<VpcId> now;
    lock.lock();
    try {
      now = List.copyOf(owed);
    } finally {
      lock.unlock();
    }
    for (var vpc : now) {
      keep(vpc);
    }
  }

  /**
   * Writes down a VPC's plan, if it is owed. Of those who write each looks for the newest when its
   * turn has come, so none puts an older one in its place.
   */
  void keep(VpcId vpc) throws IOException {
    writing.lock();
    try {
      var plan = owed(vpc);
      if (plan.isPresent()) {
        folder.keepPlan(plan.get());
        kept(plan.get());
      }
    } finally {
      writing.unlock();
    }
  }

  private Optional<VpcPlan> owed(VpcId vpc) {
    lock.lock();
    try {
      return owed.contains(vpc) ? find(vpc) : Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  private void kept(VpcPlan plan) {
    lock.lock();
    try {
      if (plan.equals(plans.get(plan.id()))) {
        owed.remove(plan.id());
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Once this has returned, nothing of these VPCs is written down until one is owed again. Not to
   * be called under the owner's lock.
   */
  void oweNothing(List<VpcId> vpcs) {
    writing.lock(); // Whoever is just writing one comes to the end.
    try {
      lock.lock();
      try {
        vpcs.forEach(owed::remove);
      } finally {
        lock.unlock();
      }
    } finally {
      writing.unlock();
    }
  }
}
