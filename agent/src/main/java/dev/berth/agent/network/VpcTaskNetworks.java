package dev.berth.agent.network;

import dev.berth.agent.network.dns.HostResolvers;
import dev.berth.agent.network.dns.VpcNames;
import dev.berth.agent.network.rules.VpcRules;
import dev.berth.model.network.EniSpec;
import dev.berth.model.network.MemberChange;
import dev.berth.model.network.VpcId;
import dev.berth.model.network.VpcPlan;
import dev.berth.model.task.TaskId;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives tasks their interfaces in their VPCs, as control's newest plans say.
 *
 * <p>The order is what makes a crash harmless: a task's file names its slot before anything of the
 * kernel is the task's, and goes after all of it has gone.
 */
public final class VpcTaskNetworks implements TaskNetworks, AutoCloseable {
  /**
   * How long it waits.
   *
   * @param planMax for a launch, until the plan comes that its interface belongs to
   * @param idleMax for a router, until it goes when its VPC has no task
   */
  record Patience(Duration planMax, Duration idleMax) {
    static final Patience STANDARD = new Patience(Duration.ofSeconds(10), Duration.ofMinutes(5));
  }

  /** Less than a launch takes, so that whoever comes is known before it sends. */
  private static final Duration FOLLOW_PAUSE = Duration.ofMillis(10);

  private static final String API_URL = "http://" + VpcRules.METADATA + ":" + VpcRules.API_PORT;
  private static final Path RESOLVERS = Path.of("/etc/resolv.conf");
  private static final Duration REPAIR_PAUSE = Duration.ofSeconds(5);
  private static final Logger LOG = LoggerFactory.getLogger(VpcTaskNetworks.class);

  private final VpcFolder folder;
  private final HostSide host;
  private final Leftovers leftovers;
  private final boolean hostAccess;
  private final int poolCount;
  private final Patience patience;
  private final HostResolvers resolvers;
  private final OpenNetworks networks = new OpenNetworks();

  /** Of each VPC, what the kernel is not told yet. */
  private final Map<VpcId, List<MemberChange>> changes = new HashMap<>();

  /** Launches take it: nothing that takes long is done under it. */
  private final ReentrantLock lock = new ReentrantLock();

  /** A plan came, or a router has gone. */
  private final Condition changed = lock.newCondition();

  private final KnownPlans plans;

  private final CountDownLatch ended = new CountDownLatch(1);
  private final Thread repairer;

  /** All that each VPC's router has; guarded by the lock, once tasks may come. */
  private final List<RouterListener> listeners = new ArrayList<>();

  private volatile Optional<String> apiUrl = Optional.empty();
  private volatile BiConsumer<TaskId, String> lost = (_, _) -> {};

  private VpcTaskNetworks(
      VpcFolder folder,
      HostSide host,
      boolean hostAccess,
      int poolCount,
      Patience patience,
      HostResolvers resolvers) {
    this.folder = folder;
    this.host = host;
    this.leftovers = new Leftovers(folder, host);
    this.plans = new KnownPlans(folder, lock);
    this.hostAccess = hostAccess;
    this.poolCount = poolCount;
    this.patience = patience;
    this.resolvers = resolvers;
    this.repairer = Thread.ofVirtual().name("network-repair").unstarted(this::repairAgainAndAgain);
  }

  /**
   * Takes up the interfaces of tasks, and removes what a killed agent had made for none.
   *
   * @param root the agent's own, where namespaces are bound
   * @param hostAccess whether the host itself reaches private addresses
   * @param poolCount how many interfaces of each VPC wait for a task; 0 makes none ahead
   */
  public static VpcTaskNetworks open(Path root, HostNames names, boolean hostAccess, int poolCount)
      throws IOException {
    return open(
        root, names, hostAccess, poolCount, Patience.STANDARD, new HostResolvers(RESOLVERS));
  }

  static VpcTaskNetworks open(
      Path root,
      HostNames names,
      boolean hostAccess,
      int poolCount,
      Patience patience,
      HostResolvers resolvers)
      throws IOException {
    var folder = new VpcFolder(Files.createDirectories(root).toRealPath());
    var host = HostSide.open(names.uplinkPrefix(), "inet " + names.table(), hostAccess);
    var networks = new VpcTaskNetworks(folder, host, hostAccess, poolCount, patience, resolvers);
    networks.leftovers.remove().forEach(networks::takeUp);
    networks.repairer.start();
    return networks;
  }

  /** One that resists is no reason not to start: its tasks go on as the kernel has them. */
  private void takeUp(VpcId vpc, Leftovers.Found found) {
    try {
      var plan = folder.plan(vpc);
      if (plan.isPresent()) {
        plans.put(plan.get());
        open(plan.get(), found);
      }
    } catch (IOException | RuntimeException e) {
      LOG.atError().addKeyValue("vpc", vpc).setCause(e).log("the VPC is not taken up");
    }
  }

  private VpcNetwork open(VpcPlan plan, Leftovers.Found found) throws IOException {
    folder.keepPlan(plan);
    var network = VpcNetwork.open(folder, host, hostAccess, resolvers, plan, found, poolCount);
    networks.add(plan.id(), network);
    for (var listener : listeners) {
      network.serve(listener);
    }
    network.fill();
    return network;
  }

  @Override
  public void plan(VpcPlan plan) {
    try {
      if (apply(plan)) {
        plans.keep(plan.id());
      }
    } catch (IOException e) {
      LOG.atError().addKeyValue("vpc", plan.id()).setCause(e).log("the plan is not applied");
    }
  }

  /** Whether there is a router for which it is news. */
  private boolean apply(VpcPlan plan) throws IOException {
    lock.lock();
    try {
      var known = plans.find(plan.id());
      if (known.isPresent() && known.get().version() > plan.version()) {
        return false;
      }
      plans.put(plan);
      changed.signalAll();
      if (!networks.isOpen(plan.id()) || known.filter(plan::equals).isPresent()) {
        return false;
      }
      plans.owe(plan.id());
      networks.find(plan.id()).orElseThrow().apply(plan);
      return true;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Changes the newest plan. In the kernel interfaces come and leave a moment later: a launch,
   * which attaches its own itself, does not wait for that.
   */
  @Override
  public void change(MemberChange change) {
    lock.lock();
    try {
      var found = plans.find(change.vpc());
      if (found.isEmpty() || found.get().version() < change.since()) {
        // A connection's first word of a VPC is a whole plan, and the next one brings it again.
        LOG.atError().addKeyValue("vpc", change.vpc()).log("a change without its plan is dropped");
      } else if (found.get().version() < change.version()) {
        plans.put(found.get().after(change));
        changed.signalAll();
        if (networks.isOpen(change.vpc())) {
          plans.owe(change.vpc());
        }
        var waiting = changes.computeIfAbsent(change.vpc(), _ -> new ArrayList<>());
        waiting.add(change);
        if (waiting.size() == 1) {
          Thread.ofVirtual().name("network-members").start(() -> follow(change.vpc()));
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** All changes that came within a moment, as one. */
  private void follow(VpcId vpc) {
    try {
      TimeUnit.NANOSECONDS.sleep(FOLLOW_PAUSE.toNanos());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    List<MemberChange> now;
    Optional<VpcPlan> plan;
    lock.lock();
    try {
      now = Optional.ofNullable(changes.remove(vpc)).orElse(List.of());
      plan = plans.find(vpc);
    } finally {
      lock.unlock();
    }
    // Outside the lock, which launches take. One that is opened meanwhile begins with that plan.
    var network = networks.find(vpc);
    if (network.isEmpty() || plan.isEmpty()) {
      return;
    }
    try {
      network.get().follow(plan.get(), now);
    } catch (IOException e) {
      LOG.atError().addKeyValue("vpc", vpc).setCause(e).log("who came and left is not applied");
    }
  }

  @Override
  public TaskNetwork attach(TaskId task, EniSpec eni) throws IOException {
    var network = enter(eni);
    try {
      var known = network.namespace(task);
      if (known.isPresent()) {
        return told(network, known.get());
      }
      if (folder.holding(task).isPresent()) {
        detach(task); // Another boot's, or what could not be taken up.
      }
      return told(network, network.attach(task, eni));
    } finally {
      exit(eni.vpc());
    }
  }

  private TaskNetwork told(VpcNetwork network, Path namespace) {
    var domain = VpcNames.domain(network.plan().realm().region());
    var resolver = network.resolver().map(server -> new Resolver(server.toString(), domain));
    return new TaskNetwork(namespace, resolver, apiUrl);
  }

  /**
   * Waits for a plan that knows the interface's subnet and groups. The router stays until {@link
   * #exit}; one that is just leaving is waited for, and another one made.
   */
  private VpcNetwork enter(EniSpec eni) throws IOException {
    lock.lock();
    try {
      long nanos = patience.planMax().toNanos();
      var plan = plans.find(eni);
      while (plan.isEmpty() || networks.isLeaving(eni.vpc())) {
        if (nanos <= 0) {
          throw new IOException(
              plan.isPresent()
                  ? "the router of " + eni.vpc() + " does not go"
                  : "control sent no plan of %s with the subnet and groups of %s"
                      .formatted(eni.vpc(), eni.id()));
        }
        nanos = changed.awaitNanos(nanos);
        plan = plans.find(eni);
      }
      if (!networks.isOpen(eni.vpc())) {
        // With none, unless the VPC could not be taken up at the start.
        open(plan.get(), new Leftovers.Found(folder.holdings(eni.vpc()), List.of()));
      }
      return networks.enter(eni.vpc()).orElseThrow();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while " + eni.id() + " waited for its plan", e);
    } finally {
      lock.unlock();
    }
  }

  private Optional<VpcNetwork> enterOpen(VpcId vpc) {
    lock.lock();
    try {
      return networks.enter(vpc);
    } finally {
      lock.unlock();
    }
  }

  private void exit(VpcId vpc) {
    lock.lock();
    try {
      networks.exit(vpc);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void detach(TaskId task) throws IOException {
    var holding = folder.holding(task);
    if (holding.isEmpty()) {
      return;
    }
    var vpc = holding.get().eni().vpc();
    var network = enterOpen(vpc);
    if (network.isEmpty()) {
      leftovers.removeInterface(holding.get().slot());
      folder.release(task);
      return;
    }
    try {
      network.get().detach(task, holding.get());
    } finally {
      exit(vpc);
    }
  }

  @Override
  public Set<TaskId> list() throws IOException {
    return folder.holdings().keySet();
  }

  /** The router of a VPC that this host has tasks of. */
  Optional<Path> router(VpcId vpc) {
    return networks.find(vpc).map(VpcNetwork::namespace);
  }

  @Override
  public void serve(LinkLocalService answering) {
    listen((namespace, callers) -> LinkLocalServer.open(namespace, callers, answering));
  }

  /** Takes the tasks of every VPC to AWS's API, from a port at 169.254.170.2, and tells them so. */
  public void forward(InetSocketAddress api) {
    apiUrl = Optional.of(API_URL);
    listen((namespace, callers) -> ApiForwarder.open(namespace, callers, api));
  }

  private void listen(RouterListener listener) {
    lock.lock();
    try {
      listeners.add(listener);
      for (var network : networks.all()) {
        network.serve(listener);
      }
    } catch (IOException e) {
      LOG.atError().setCause(e).log("tasks are not answered at 169.254.170.2");
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void whenLost(BiConsumer<TaskId, String> listener) {
    lost = listener;
  }

  private void repairAgainAndAgain() {
    try {
      while (!ended.await(REPAIR_PAUSE.toNanos(), TimeUnit.NANOSECONDS)) {
        repair();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Makes good what others changed in the kernel, and lets go what nobody needs any more. */
  void repair() {
    try {
      plans.keep(); // What members changed: after a kill control tells it anew.
      removeIdle();
      host.repair();
    } catch (IOException e) {
      LOG.atWarn().setCause(e).log("the host's side of the network is not repaired");
    }
    for (var network : networks.all()) {
      try {
        network
            .repair()
            .forEach(
                (task, why) -> {
                  LOG.atError()
                      .addKeyValue("task", task)
                      .addKeyValue("why", why)
                      .log("not repaired");
                  lost.accept(task, why);
                });
      } catch (IOException e) {
        LOG.atWarn().setCause(e).log("a VPC is not repaired");
      }
    }
  }

  /** Removes routers whose VPCs have had no task for a while, each with its pool and its plan. */
  private void removeIdle() throws IOException {
    for (var vpc : beginLeaving()) {
      try {
        networks.find(vpc).orElseThrow().remove();
        LOG.atInfo().addKeyValue("vpc", vpc).log("a router without tasks is removed");
      } catch (IOException e) {
        // A launch takes up what is left of it; without one the next start removes it.
        LOG.atWarn().addKeyValue("vpc", vpc).setCause(e).log("a router is not removed");
      } finally {
        lock.lock();
        try {
          networks.remove(vpc);
          changed.signalAll();
        } finally {
          lock.unlock();
        }
      }
    }
  }

  /** From here on nobody enters them, and nobody writes their plans down. */
  private List<VpcId> beginLeaving() throws IOException {
    var leaving = new ArrayList<VpcId>();
    lock.lock();
    try {
      for (var vpc : networks.idle(System.nanoTime(), patience.idleMax())) {
        if (folder.holdings(vpc).isEmpty()) {
          networks.beginLeaving(vpc);
          leaving.add(vpc);
        }
      }
    } finally {
      lock.unlock();
    }
    plans.oweNothing(leaving);
    return leaving;
  }

  /** Does nothing any more; in the kernel all stays as it is, as after a kill. */
  void letGo() {
    stopRepairing();
    networks.all().forEach(VpcNetwork::letGo);
    host.close();
  }

  private void stopRepairing() {
    ended.countDown(); // Not interrupted: what it does it does to the end.
    try {
      repairer.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Lets go; tasks keep their interfaces. What waits for a task is removed. */
  @Override
  public void close() throws IOException {
    stopRepairing();
    for (var network : networks.all()) {
      network.close();
    }
    host.close();
  }

  /**
   * Removes all that the kernel has, once no task has an interface. For an agent's end for good.
   */
  public void retire() throws IOException {
    if (!list().isEmpty()) {
      throw new IOException("tasks still have interfaces");
    }
    stopRepairing();
    for (var network : networks.all()) {
      network.remove();
    }
    networks.clear();
    leftovers.remove();
    host.retire();
    close();
  }
}
