package dev.berth.agent.network;

import dev.berth.model.network.EniSpec;
import dev.berth.model.network.MemberChange;
import dev.berth.model.network.VpcPlan;
import dev.berth.model.task.TaskId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * Gives each task a network namespace of its own.
 *
 * <p>Every operation may be repeated: what is there already, or gone already, is no failure.
 */
public interface TaskNetworks {
  /**
   * A task's namespace as its containers join it.
   *
   * @param resolver of the task's VPC; without one the host's name servers are asked
   * @param apiUrl where its containers reach AWS's API, if they do
   */
  record TaskNetwork(Path namespace, Optional<Resolver> resolver, Optional<String> apiUrl) {}

  /** Who answers for names, and how a name without dots goes on. */
  record Resolver(String address, String searchDomain) {
    /** The file {@code /etc/resolv.conf}. */
    public String text() {
      return "search " + searchDomain + "\nnameserver " + address + "\n";
    }
  }

  /**
   * Gives the task its namespace with that interface, taken from a pool of prepared ones when there
   * is one. Waits a bounded time for the plan of its VPC.
   */
  TaskNetwork attach(TaskId task, EniSpec eni) throws IOException;

  /** Removes the task's namespace, interface and address. */
  void detach(TaskId task) throws IOException;

  /** The tasks that have a namespace now. */
  Set<TaskId> list() throws IOException;

  /** A VPC as it is now; an older version than the known one is passed over. */
  void plan(VpcPlan plan);

  /** Interfaces came to a VPC or left it. */
  void change(MemberChange change);

  /** Answers tasks at 169.254.170.2 from now on; before, their connections are refused. */
  void serve(LinkLocalService service);

  /** Tells of a task whose network is broken for good, and why; perhaps again and again. */
  void whenLost(BiConsumer<TaskId, String> listener);
}
