package dev.berth.agent.network;

import dev.berth.agent.network.VpcFolder.Holding;
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
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
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
  /** How long a launch waits for the plan that its interface belongs to. */
  static final Duration PLAN_WAIT_MAX = Duration.ofSeconds(10);

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
  private final Duration planWaitMax;
  private final HostResolvers resolvers;
  private final Map<VpcId, VpcNetwork> networks = new ConcurrentHashMap<>();
  private final Map<VpcId, VpcPlan> plans = new HashMap<>();

  /** Of each VPC, what the kernel is not told yet. */
  private final Map<VpcId, List<MemberChange>> changes = new HashMap<>();

  /** Whose plan on the disk is older than the newest. */
  private final Set<VpcId> unkept = new HashSet<>();

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition planned = lock.newCondition();
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
      Duration planWaitMax,
      HostResolvers resolvers) {
    this.folder = folder;
    this.host = host;
    this.leftovers = new Leftovers(folder, host);
    this.hostAccess = hostAccess;
    this.poolCount = poolCount;
    this.planWaitMax = planWaitMax;
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
    return open(root, names, hostAccess, poolCount, PLAN_WAIT_MAX, new HostResolvers(RESOLVERS));
  }

  static VpcTaskNetworks open(
      Path root,
      HostNames names,
      boolean hostAccess,
      int poolCount,
      Duration planWaitMax,
      HostResolvers resolvers)
      throws IOException {
    var folder = new VpcFolder(Files.createDirectories(root).toRealPath());
    var host = HostSide.open(names.uplinkPrefix(), "inet " + names.table(), hostAccess);
    var networks = new VpcTaskNetworks(folder, host, hostAccess, poolCount, planWaitMax, resolvers);
    networks.leftovers.remove().forEach(networks::takeUp);
    networks.repairer.start();
    return networks;
  }

  /** One that resists is no reason not to start: its tasks go on as the kernel has them. */
  private void takeUp(VpcId vpc, Map<TaskId, Holding> holdings) {
    try {
      var plan = folder.plan(vpc);
      if (plan.isPresent()) {
        plans.put(vpc, plan.get());
        open(plan.get(), holdings);
      }
    } catch (IOException | RuntimeException e) {
      LOG.atError().addKeyValue("vpc", vpc).setCause(e).log("the VPC is not taken up");
    }
  }

  private VpcNetwork open(VpcPlan plan, Map<TaskId, Holding> holdings) throws IOException {
    folder.keepPlan(plan);
    var network = VpcNetwork.open(folder, host, hostAccess, resolvers, plan, holdings, poolCount);
    networks.put(plan.id(), network);
    for (var listener : listeners) {
      network.serve(listener);
    }
    network.fill();
    return network;
  }

  @Override
  public void plan(VpcPlan plan) {
    lock.lock();
    try {
      var known = plans.get(plan.id());
      if (known != null && known.version() > plan.version()) {
        return;
      }
      plans.put(plan.id(), plan);
      planned.signalAll();
      var network = networks.get(plan.id());
      if (network != null && !plan.equals(known)) {
        folder.keepPlan(plan);
        network.apply(plan);
      }
    } catch (IOException e) {
      LOG.atError().addKeyValue("vpc", plan.id()).setCause(e).log("the plan is not applied");
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
      var known = plans.get(change.vpc());
      if (known == null || known.version() < change.since()) {
        // A connection's first word of a VPC is a whole plan, and the next one brings it again.
        LOG.atError().addKeyValue("vpc", change.vpc()).log("a change without its plan is dropped");
      } else if (known.version() < change.version()) {
        plans.put(change.vpc(), known.after(change));
        planned.signalAll();
        unkept.add(change.vpc());
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
    VpcPlan plan;
    lock.lock();
    try {
      now = Optional.ofNullable(changes.remove(vpc)).orElse(List.of());
      plan = plans.get(vpc);
    } finally {
      lock.unlock();
    }
    // Outside the lock, which launches take. One that is opened meanwhile begins with that plan.
    var network = networks.get(vpc);
    if (network == null || plan == null) {
      return;
    }
    try {
      network.follow(plan, now);
    } catch (IOException e) {
      LOG.atError().addKeyValue("vpc", vpc).setCause(e).log("who came and left is not applied");
    }
  }

  /**
   * Writes down plans that members changed, now and then: after a kill the last moments are told
   * anew with control's whole plan.
   */
  private void keepPlans() throws IOException {
    lock.lock();
    try {
      for (var vpc : unkept) {
        var plan = plans.get(vpc);
        if (plan != null && networks.containsKey(vpc)) {
          folder.keepPlan(plan);
        }
      }
      unkept.clear();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public TaskNetwork attach(TaskId task, EniSpec eni) throws IOException {
    var network = awaitNetwork(eni);
    var known = network.namespace(task);
    if (known.isPresent()) {
      return told(network, known.get());
    }
    if (folder.holding(task).isPresent()) {
      detach(task); // Another boot's, or what could not be taken up.
    }
    return told(network, network.attach(task, eni));
  }

  private TaskNetwork told(VpcNetwork network, Path namespace) {
    var domain = VpcNames.domain(network.plan().realm().region());
    var resolver = network.resolver().map(server -> new Resolver(server.toString(), domain));
    return new TaskNetwork(namespace, resolver, apiUrl);
  }

  /** Waits for a plan that knows the interface's subnet and groups. */
  private VpcNetwork awaitNetwork(EniSpec eni) throws IOException {
    lock.lock();
    try {
      long nanos = planWaitMax.toNanos();
      var plan = planOf(eni);
      while (plan.isEmpty()) {
        if (nanos <= 0) {
          throw new IOException(
              "control sent no plan of "
                  + eni.vpc()
                  + " with the subnet and groups of "
                  + eni.id());
        }
        nanos = planned.awaitNanos(nanos);
        plan = planOf(eni);
      }
      var network = networks.get(eni.vpc());
      return network != null ? network : open(plan.get(), holdings(eni.vpc()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while " + eni.id() + " waited for its plan", e);
    } finally {
      lock.unlock();
    }
  }

  /** None, unless the VPC could not be taken up at the start. */
  private Map<TaskId, Holding> holdings(VpcId vpc) throws IOException {
    var found = new HashMap<>(folder.holdings());
    found.values().removeIf(holding -> !holding.eni().vpc().equals(vpc));
    return found;
  }

  private Optional<VpcPlan> planOf(EniSpec eni) {
    return Optional.ofNullable(plans.get(eni.vpc())).filter(plan -> knows(plan, eni));
  }

  private static boolean knows(VpcPlan plan, EniSpec eni) {
    return plan.subnets().stream().anyMatch(subnet -> subnet.id().equals(eni.subnet()))
        && eni.groups().stream()
            .allMatch(group -> plan.groups().stream().anyMatch(each -> each.id().equals(group)));
  }

  @Override
  public void detach(TaskId task) throws IOException {
    var holding = folder.holding(task);
    if (holding.isEmpty()) {
      return;
    }
    var network = networks.get(holding.get().eni().vpc());
    if (network != null) {
      network.detach(task, holding.get());
      return;
    }
    leftovers.removeInterface(holding.get().slot());
    folder.release(task);
  }

  @Override
  public Set<TaskId> list() throws IOException {
    return folder.holdings().keySet();
  }

  /** The router of a VPC that this host has tasks of. */
  Optional<Path> router(VpcId vpc) {
    return Optional.ofNullable(networks.get(vpc)).map(VpcNetwork::namespace);
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
      for (var network : networks.values()) {
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
    while (!Thread.currentThread().isInterrupted()) {
      try {
        TimeUnit.NANOSECONDS.sleep(REPAIR_PAUSE.toNanos());
      } catch (InterruptedException e) {
        return;
      }
      repair();
    }
  }

  /** Makes good what others changed in the kernel. */
  void repair() {
    try {
      keepPlans();
      host.repair();
    } catch (IOException e) {
      LOG.atWarn().setCause(e).log("the host's side of the network is not repaired");
    }
    for (var network : List.copyOf(networks.values())) {
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

  /** Does nothing any more; in the kernel all stays as it is, as after a kill. */
  void letGo() {
    stopRepairing();
    networks.values().forEach(VpcNetwork::letGo);
    host.close();
  }

  private void stopRepairing() {
    repairer.interrupt();
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
    for (var network : networks.values()) {
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
    for (var network : List.copyOf(networks.values())) {
      network.remove();
    }
    networks.clear();
    stopRepairing();
    host.retire();
    close();
  }
}
