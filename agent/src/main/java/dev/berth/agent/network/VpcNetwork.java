package dev.berth.agent.network;

import dev.berth.agent.linux.Mounts;
import dev.berth.agent.network.LinkLocalService.Caller;
import dev.berth.agent.network.VpcFolder.Holding;
import dev.berth.agent.network.dns.HostResolvers;
import dev.berth.agent.network.dns.NameServer;
import dev.berth.agent.network.dns.VpcNames;
import dev.berth.agent.network.rules.Attachment;
import dev.berth.agent.network.rules.RuleSet;
import dev.berth.agent.network.rules.VpcRules;
import dev.berth.model.network.Cidr;
import dev.berth.model.network.EniSpec;
import dev.berth.model.network.IpAddress;
import dev.berth.model.network.MemberChange;
import dev.berth.model.network.SubnetPlan;
import dev.berth.model.network.VpcId;
import dev.berth.model.network.VpcPlan;
import dev.berth.model.task.TaskId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One VPC on this host: its router, the interfaces of its tasks, and a few made ahead.
 *
 * <p>Methods may be called by any thread.
 */
final class VpcNetwork implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(VpcNetwork.class);

  private final VpcFolder folder;
  private final HostSide host;
  private final boolean hostAccess;
  private final VpcId vpc;
  private final int uplink;
  private final Router router;
  private final SpareInterfaces spare;
  private final ReentrantLock lock = new ReentrantLock();
  private final List<AutoCloseable> servers = new ArrayList<>();
  private final Map<TaskId, Attached> attached = new LinkedHashMap<>();
  private VpcRules rules;
  private volatile VpcNames names;
  private Set<IpAddress> addresses = Set.of();
  private final RouterTable table;
  private volatile boolean closed;

  private record Attached(TaskInterface side, Attachment attachment) {}

  private VpcNetwork(
      VpcFolder folder,
      HostSide host,
      boolean hostAccess,
      VpcPlan plan,
      int uplink,
      Router router,
      int poolCount) {
    this.folder = folder;
    this.host = host;
    this.hostAccess = hostAccess;
    this.vpc = plan.id();
    this.uplink = uplink;
    this.router = router;
    this.spare = new SpareInterfaces(folder, plan.id(), router, lock, poolCount);
    this.rules = new VpcRules(plan, hostAccess);
    this.names = new VpcNames(plan);
    this.table = new RouterTable(router.filter());
  }

  /**
   * Makes the VPC's router, or takes up the one that is there, with the interfaces that it has.
   *
   * @param poolCount how many interfaces wait for a task
   */
  static VpcNetwork open(
      VpcFolder folder,
      HostSide host,
      boolean hostAccess,
      HostResolvers resolvers,
      VpcPlan plan,
      Leftovers.Found found,
      int poolCount)
      throws IOException {
    int number = folder.uplink(plan.id());
    var name = host.uplinkName(number);
    var router = Router.open(folder.routerFile(plan.id()), name);
    var network = new VpcNetwork(folder, host, hostAccess, plan, number, router, poolCount);
    host.connect(plan.id(), name);
    router.connectUplink();
    host.settle(plan.id());
    for (var holding : found.holdings().entrySet()) {
      network.adopt(holding.getKey(), holding.getValue());
    }
    network.spare.takeUp(found.spareSlots());
    network.apply(plan);
    network.servers.add(
        NameServer.open(
            router.namespace(),
            List.of(VpcRules.resolver(plan), VpcRules.RESOLVER),
            () -> network.names,
            resolvers));
    return network;
  }

  private void adopt(TaskId task, Holding holding) throws IOException {
    try {
      var side = spare.adopt(holding.slot());
      var attachment = new Attachment(holding.slot(), holding.eni());
      attached.put(task, new Attached(side, attachment));
      configure(side, attachment);
      publish(holding.eni());
    } catch (IOException e) {
      LOG.atWarn().addKeyValue("task", task).setCause(e).log("the task's network is broken");
    }
  }

  VpcPlan plan() {
    lock.lock();
    try {
      return rules.plan();
    } finally {
      lock.unlock();
    }
  }

  /** Who answers for names in this VPC. */
  Optional<IpAddress> resolver() {
    var plan = plan();
    return plan.dnsSupport() ? Optional.of(VpcRules.resolver(plan)) : Optional.empty();
  }

  Path namespace() {
    return router.namespace();
  }

  /** Makes a newer plan true, for running tasks too; the filter changes in one transaction. */
  void apply(VpcPlan plan) throws IOException {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      var gone = VpcRules.endpointsGone(rules.plan(), plan);
      rules = new VpcRules(plan, hostAccess);
      names = new VpcNames(plan);
      var now = VpcRules.routerAddresses(plan);
      router.changeAddresses(addresses, now);
      addresses = now;
      table.become(wholeTable());
      router.cutOff(gone);
      var outIpv6 = VpcRules.waysOutIpv6(plan);
      if (!outIpv6.isEmpty()) {
        router.connectUplinkIpv6();
      }
      host.plan(vpc, plan.cidrs(), VpcRules.natGateways(plan), outIpv6);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Interfaces came or left, on whichever host, and nothing else.
   *
   * @param plan as it is after these changes
   */
  void follow(VpcPlan plan, List<MemberChange> changes) throws IOException {
    lock.lock();
    try {
      if (closed || rules.plan().version() >= plan.version()) {
        return;
      }
      rules = new VpcRules(plan, hostAccess);
      if (!table.isKnown()) {
        table.become(wholeTable());
        return;
      }
      for (var change : changes) {
        for (var address : change.left()) {
          table.remove(rules.memberships(address));
          // Whoever has it next may be here already: then it stands in that one's groups alone.
          attachmentOf(address).ifPresent(next -> table.add(rules.elements(next)));
        }
        table.add(VpcRules.joined(change));
      }
      table.commit();
    } finally {
      lock.unlock();
    }
  }

  private Optional<Attachment> attachmentOf(IpAddress address) {
    return attached.values().stream()
        .map(Attached::attachment)
        .filter(
            each ->
                each.eni().privateAddress().equals(address)
                    || each.eni().ipv6Address().filter(address::equals).isPresent())
        .findFirst();
  }

  private RuleSet wholeTable() {
    return rules.all(attached.values().stream().map(Attached::attachment).toList());
  }

  /** Gives the task its interface; nothing of it is there before. */
  Path attach(TaskId task, EniSpec eni) throws IOException {
    var side = spare.take();
    lock.lock();
    try {
      var attachment = new Attachment(side.slot(), eni);
      folder.hold(task, new Holding(side.slot(), eni));
      attached.put(task, new Attached(side, attachment));
      side.hardwareAddress(eni);
      configure(side, attachment);
      publish(eni);
      if (table.hasChainsOf(attachment)) {
        table.add(rules.elements(attachment));
        table.commit();
      } else {
        table.become(wholeTable());
      }
      return side.namespace();
    } finally {
      lock.unlock();
      spare.fill();
    }
  }

  /** The namespace of a task that has its interface. */
  Optional<Path> namespace(TaskId task) {
    lock.lock();
    try {
      return Optional.ofNullable(attached.get(task)).map(each -> each.side().namespace());
    } finally {
      lock.unlock();
    }
  }

  private static void closeServer(AutoCloseable server) {
    try {
      server.close();
    } catch (Exception e) {
      LOG.atWarn().setCause(e).log("a listener is not closed");
    }
  }

  /** Lets it listen for this VPC's tasks. */
  void serve(RouterListener listener) throws IOException {
    lock.lock();
    try {
      servers.add(listener.open(router.namespace(), this::caller));
    } finally {
      lock.unlock();
    }
  }

  private Optional<Caller> caller(IpAddress address) throws IOException {
    lock.lock();
    try {
      for (var each : attached.entrySet()) {
        var eni = each.getValue().attachment().eni();
        if (eni.privateAddress().equals(address)) {
          var range = subnet(eni).range(address);
          return Optional.of(
              new Caller(
                  each.getKey(),
                  eni,
                  range,
                  range.map((Cidr cidr) -> VpcRules.gateway(cidr)),
                  resolver(),
                  each.getValue().side().counters()));
        }
      }
      return Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  private void configure(TaskInterface side, Attachment attachment) throws IOException {
    side.configure(attachment.eni(), subnet(attachment.eni()));
    router.routeTo(attachment);
  }

  private SubnetPlan subnet(EniSpec eni) throws IOException {
    return rules.plan().subnets().stream()
        .filter(subnet -> subnet.id().equals(eni.subnet()))
        .findFirst()
        .orElseThrow(() -> new IOException(vpc + " has no subnet " + eni.subnet()));
  }

  private void publish(EniSpec eni) throws IOException {
    if (eni.publicAddress().isPresent()) {
      host.publish(vpc, eni.publicAddress().get());
    }
  }

  /** Takes the interface back: its address inherits nothing to the next that has it. */
  void detach(TaskId task, Holding holding) throws IOException {
    lock.lock();
    try {
      var eni = holding.eni();
      var known = attached.remove(task);
      if (known != null) {
        known.side().close(); // Its socket would keep the namespace, bound or not.
      }
      if (table.isKnown()) {
        table.remove(rules.elements(new Attachment(holding.slot(), eni)));
        table.commit();
      } else {
        table.become(wholeTable());
      }
      if (eni.publicAddress().isPresent()) {
        host.withdraw(vpc, eni.publicAddress().get());
      }
      router.remove(holding.slot());
      router.filter().forgetConnections(eni.privateAddress().bytes());
      if (eni.ipv6Address().isPresent()) {
        router.filter().forgetConnections(eni.ipv6Address().get().bytes());
      }
    } finally {
      lock.unlock();
    }
    Mounts.unmount(folder.interfaceFile(holding.slot()));
    // First the task's file: were it the other way round, the number could be taken by another
    // task while this one still named it.
    folder.release(task);
    folder.releaseInterface(holding.slot());
  }

  /** Makes interfaces ahead in the background. */
  void fill() {
    spare.fill();
  }

  boolean isIdle() {
    lock.lock();
    try {
      return attached.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Makes good what others changed.
   *
   * @return why it could not, by task
   */
  Map<TaskId, String> repair() throws IOException {
    var broken = new HashMap<TaskId, String>();
    lock.lock();
    try {
      if (closed) {
        return broken;
      }
      if (table.wasChanged()) {
        LOG.atWarn().addKeyValue("vpc", vpc).log("the packet filter was changed: repaired");
        table.replace(wholeTable());
      }
      router.changeAddresses(Set.of(), addresses);
      for (var each : List.copyOf(attached.entrySet())) {
        try {
          repair(each.getKey(), each.getValue());
        } catch (IOException e) {
          broken.put(each.getKey(), String.valueOf(e.getMessage()));
        }
      }
    } finally {
      lock.unlock();
    }
    return broken;
  }

  private void repair(TaskId task, Attached known) throws IOException {
    try {
      configure(known.side(), known.attachment());
    } catch (IOException gone) {
      LOG.atWarn().addKeyValue("task", task).setCause(gone).log("the interface is made anew");
      known.side().close();
      var side = spare.adopt(known.attachment().slot());
      attached.put(task, new Attached(side, known.attachment()));
      side.hardwareAddress(known.attachment().eni());
      configure(side, known.attachment());
    }
  }

  /** Lets go; tasks keep their interfaces. What waits for a task is removed. */
  @Override
  public void close() throws IOException {
    closed = true;
    spare.close();
    letGo();
  }

  /** Does nothing any more; in the kernel all stays as it is, as after a kill. */
  void letGo() {
    closed = true;
    spare.letGo();
    lock.lock();
    try {
      attached.values().forEach(each -> each.side().close());
      servers.forEach(VpcNetwork::closeServer);
      router.close();
    } finally {
      lock.unlock();
    }
  }

  /** Removes the router; nothing may be attached. */
  void remove() throws IOException {
    close();
    folder.forgetPlan(vpc);
    host.disconnect(vpc);
    Mounts.unmount(router.namespace());
    Files.deleteIfExists(router.namespace());
    folder.releaseUplink(uplink);
  }
}
