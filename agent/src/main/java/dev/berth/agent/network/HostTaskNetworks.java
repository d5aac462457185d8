package dev.berth.agent.network;

import dev.berth.agent.network.rules.VpcRules;
import dev.berth.model.identity.Region;
import dev.berth.model.network.MemberChange;
import dev.berth.model.network.VpcPlan;
import dev.berth.model.task.TaskId;
import dev.berth.model.task.TaskSpec;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;

/** Tasks with an interface get it in their VPC; the others a network that knows no VPC. */
public final class HostTaskNetworks implements TaskNetworks, AutoCloseable {
  private static final String API_URL = "http://" + VpcRules.METADATA + ":" + VpcRules.API_PORT;

  private final PooledTaskNetworks plain;
  private final VpcTaskNetworks vpcs;
  private final Optional<String> apiUrl;

  /**
   * @param api where AWS's API is answered for this host's tasks; without it they do not reach it
   */
  public HostTaskNetworks(
      PooledTaskNetworks plain, VpcTaskNetworks vpcs, Optional<InetSocketAddress> api) {
    this.plain = plain;
    this.vpcs = vpcs;
    this.apiUrl = api.map(_ -> API_URL);
    api.ifPresent(vpcs::forward);
  }

  @Override
  public TaskNetwork attach(TaskSpec task) throws IOException {
    if (task.eni().isEmpty()) {
      return plain.attach(task.id());
    }
    var eni = task.eni().get();
    var attached = vpcs.attach(task.id(), eni);
    return new TaskNetwork(
        attached.namespace(),
        eni.privateAddress().toString(),
        attached
            .resolver()
            .map(server -> new Resolver(server.toString(), domain(task.realm().region()))),
        apiUrl);
  }

  /** The domain of private names: in the oldest region it has another form. Fact: AWS's docs. */
  static String domain(Region region) {
    return region.value().equals("us-east-1")
        ? "ec2.internal"
        : region.value() + ".compute.internal";
  }

  @Override
  public void detach(TaskId task) throws IOException {
    vpcs.detach(task);
    plain.detach(task);
  }

  @Override
  public Set<TaskId> list() throws IOException {
    var all = new TreeSet<>(vpcs.list());
    all.addAll(plain.list());
    return all;
  }

  @Override
  public void plan(VpcPlan plan) {
    vpcs.plan(plan);
  }

  @Override
  public void change(MemberChange change) {
    vpcs.change(change);
  }

  @Override
  public void serve(LinkLocalService service) {
    vpcs.serve(service);
  }

  @Override
  public void whenLost(BiConsumer<TaskId, String> listener) {
    vpcs.whenLost(listener);
  }

  /** Lets go; tasks keep their networks. */
  @Override
  public void close() throws IOException {
    vpcs.close();
    plain.close();
  }

  /** Removes all that the kernel has of them, once no task is left. */
  public void retire() throws IOException {
    vpcs.retire();
    plain.retire();
  }
}
