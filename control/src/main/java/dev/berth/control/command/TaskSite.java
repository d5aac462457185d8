package dev.berth.control.command;

import dev.berth.control.network.InterfaceAllocator;
import dev.berth.control.scheduler.Placer;
import dev.berth.control.scheduler.Scheduler.Placement;
import dev.berth.control.state.State;
import dev.berth.model.network.EniSpec;
import dev.berth.model.network.Subnet;
import dev.berth.model.task.Task;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * A subnet and a host for a new task.
 *
 * @param task with its interface
 */
record TaskSite(Task task, Placement placement) {

  /**
   * The best site, or nothing when no subnet has an address left. A subnet in which the task can be
   * placed at once comes first; of such, the one with the fewest interfaces, so that tasks spread
   * over the zones.
   *
   * @param build makes the task that has this interface in this subnet
   */
  static Optional<TaskSite> choose(
      State state,
      AwsvpcConfiguration.Resolved network,
      InterfaceAllocator interfaces,
      BiFunction<Subnet, EniSpec, Task> build) {
    Optional<TaskSite> waiting = Optional.empty();
    List<Subnet> emptiestFirst =
        network.subnets().stream()
            .sorted(Comparator.comparingInt(subnet -> state.networks().taken(subnet.id()).size()))
            .toList();
    for (Subnet subnet : emptiestFirst) {
      Optional<EniSpec> eni =
          interfaces.allocate(state, subnet, network.groups(), network.assignPublicIp());
      if (eni.isPresent()) {
        Task task = build.apply(subnet, eni.get());
        var site = new TaskSite(task, Placer.find(state, task));
        if (site.placement() instanceof Placement.On) {
          return Optional.of(site);
        }
        waiting = waiting.or(() -> Optional.of(site));
      }
    }
    return waiting;
  }
}
