package dev.berth.agent.task;

import dev.berth.agent.network.OneSubnet;
import dev.berth.link.message.TaskAssignment;
import dev.berth.model.identity.AccountId;
import dev.berth.model.identity.Realm;
import dev.berth.model.identity.Region;
import dev.berth.model.task.ContainerSpec;
import dev.berth.model.task.LinuxParameters;
import dev.berth.model.task.StopCode;
import dev.berth.model.task.StopReason;
import dev.berth.model.task.Supervision;
import dev.berth.model.task.Supervision.Condition;
import dev.berth.model.task.TaskId;
import dev.berth.model.task.TaskSize;
import dev.berth.model.task.TaskSpec;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Assignments for tests. */
public final class Tasks {
  public static final String BOOT = "this boot";
  public static final StopReason ENOUGH = new StopReason(StopCode.USER_INITIATED, "enough");

  /** With this one even a container with a restart policy stays ended. */
  public static final int EXIT_CODE_FINAL = 3;

  private Tasks() {}

  public static TaskId id(int number) {
    return new TaskId("%032x".formatted(number));
  }

  public static ContainerSpec container(
      String name, boolean essential, String image, List<String> command) {
    return new ContainerSpec(
        name,
        image,
        essential,
        command.isEmpty() ? Optional.empty() : Optional.of(command),
        Optional.empty(),
        Map.of(),
        Optional.empty(),
        Optional.empty(),
        0,
        OptionalInt.empty(),
        OptionalInt.empty(),
        2,
        false,
        false,
        false,
        LinuxParameters.NONE,
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  public static ContainerSpec essential(String name) {
    return container(name, true, "busybox", List.of());
  }

  public static ContainerSpec sidecar(String name) {
    return container(name, false, "busybox", List.of());
  }

  /** The same, once that holds of the other one. */
  public static ContainerSpec after(ContainerSpec container, String other, Condition condition) {
    return container.with(
        new Supervision(
            List.of(new Supervision.Dependency(other, condition)),
            OptionalInt.empty(),
            container.supervision().healthCheck(),
            container.supervision().restartPolicy()));
  }

  /** The same, with a health check; two failures in a row are bad. */
  public static ContainerSpec checked(ContainerSpec container) {
    return container.with(
        new Supervision(
            container.supervision().dependsOn(),
            OptionalInt.of(20),
            Optional.of(new Supervision.HealthCheck(List.of("ok"), 5, 2, 2, 0)),
            container.supervision().restartPolicy()));
  }

  /** The same, started again however short it ran, but for one exit code. */
  public static ContainerSpec restarted(ContainerSpec container) {
    return container.with(
        new Supervision(
            container.supervision().dependsOn(),
            OptionalInt.empty(),
            container.supervision().healthCheck(),
            Optional.of(new Supervision.RestartPolicy(Set.of(EXIT_CODE_FINAL), 0))));
  }

  public static TaskAssignment assignment(TaskId id, String bootId, ContainerSpec... containers) {
    var realm = new Realm(new AccountId("123456789012"), new Region("eu-west-1"));
    var spec =
        new TaskSpec(
            id,
            realm,
            "default",
            "web",
            1,
            new TaskSize(256, 512),
            Arrays.asList(containers),
            OneSubnet.eni(0),
            OptionalInt.empty(),
            Optional.empty());
    return new TaskAssignment(spec, bootId, Optional.empty());
  }

  public static TaskAssignment stopped(TaskAssignment assignment) {
    return new TaskAssignment(assignment.spec(), assignment.bootId(), Optional.of(ENOUGH));
  }
}
