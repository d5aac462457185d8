package dev.berth.control.command;

import dev.berth.control.declaration.Compatibilities;
import dev.berth.control.declaration.CompiledTask;
import dev.berth.control.declaration.InvalidDeclaration;
import dev.berth.control.declaration.PlatformVersions;
import dev.berth.control.declaration.TaskDefinitionCompiler;
import dev.berth.control.declaration.Unbuilt;
import dev.berth.control.declaration.Unbuilt.EnvironmentFiles;
import dev.berth.control.declaration.Violation;
import dev.berth.control.network.InterfaceAllocator;
import dev.berth.control.network.NetworkIds;
import dev.berth.control.network.StandardNetwork;
import dev.berth.control.scheduler.Placer;
import dev.berth.control.scheduler.Scheduler.Placement;
import dev.berth.control.state.Draft;
import dev.berth.control.state.Kind;
import dev.berth.control.state.Kind.RunToken;
import dev.berth.control.state.Kind.RunTokenId;
import dev.berth.control.state.Ledger;
import dev.berth.control.state.State;
import dev.berth.model.cluster.Cluster;
import dev.berth.model.cluster.ClusterId;
import dev.berth.model.identity.Arn;
import dev.berth.model.identity.RoleArn;
import dev.berth.model.network.Cidr;
import dev.berth.model.network.EniSpec;
import dev.berth.model.network.Subnet;
import dev.berth.model.task.LaunchTiming;
import dev.berth.model.task.StopCode;
import dev.berth.model.task.StopReason;
import dev.berth.model.task.Task;
import dev.berth.model.task.TaskDefinition;
import dev.berth.model.task.TaskEvent;
import dev.berth.model.task.TaskId;
import dev.berth.model.task.TaskOrigin;
import dev.berth.model.task.TaskRole;
import dev.berth.model.task.TaskSpec;
import dev.berth.model.task.TaskState;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.random.RandomGenerator;

/** Tasks: started and stopped. */
public final class TaskCommands {
  /** What Fargate's LATEST means. */
  public static final String PLATFORM_VERSION_LATEST = PlatformVersions.LATEST;

  /** ECS's reason where no subnet has an address left. */
  private static final String NO_ADDRESS = "RESOURCE:ENI";

  private static final int COUNT_MAX = 10;
  private static final String ARN_RESOURCE = "task/";

  private final Ledger ledger;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final NoCapacity noCapacity;
  private final EnvironmentFiles environmentFiles;
  private final InterfaceAllocator interfaces;
  private final StandardNetwork networks;

  /** What becomes of a task for which no host has room. */
  public enum NoCapacity {
    /** It waits in PROVISIONING. */
    WAIT,
    /** It is answered among RunTask's failures, as on AWS. */
    FAIL
  }

  /**
   * @param random the source of task ids
   */
  public TaskCommands(
      Ledger ledger, InstantSource clock, RandomGenerator random, NoCapacity noCapacity) {
    this(
        ledger,
        clock,
        random,
        noCapacity,
        InterfaceAllocator.PUBLIC_POOL_STANDARD,
        EnvironmentFiles.UNREACHABLE);
  }

  /**
   * @param random the source of task ids
   * @param publicPool where public addresses come from
   * @param environmentFiles whether tasks may have any
   */
  public TaskCommands(
      Ledger ledger,
      InstantSource clock,
      RandomGenerator random,
      NoCapacity noCapacity,
      Cidr publicPool,
      EnvironmentFiles environmentFiles) {
    this.ledger = ledger;
    this.clock = clock;
    this.random = random;
    this.noCapacity = noCapacity;
    this.environmentFiles = environmentFiles;
    var ids = new NetworkIds(random);
    this.interfaces = new InterfaceAllocator(ids, publicPool);
    this.networks = new StandardNetwork(ids);
  }

  /**
   * The tasks that were started.
   *
   * @param failures ECS's reason for each one that was not, such as {@code RESOURCE:CPU}
   */
  public record Started(List<Task> tasks, List<String> failures) {
    public Started {
      tasks = List.copyOf(tasks);
      failures = List.copyOf(failures);
    }
  }

  /** Starts tasks: once it answers, each of them is durable and, where there is room, placed. */
  public Started run(RunTask wish) throws Refused {
    if (wish.count() < 1 || wish.count() > COUNT_MAX) {
      throw new Refused(
          new Refusal.InvalidParameter("count must be between 1 and " + COUNT_MAX + "."));
    }
    ClusterId id = ClusterCommands.named(wish.realm(), wish.cluster());
    return ledger.decide(draft -> run(draft, wish, id));
  }

  private Started run(Draft draft, RunTask wish, ClusterId id) throws Refused {
    Cluster cluster = ClusterCommands.forUse(draft, id);
    Optional<Started> before = answeredBefore(draft, wish, id);
    if (before.isPresent()) {
      return before.get();
    }
    TaskDefinition definition =
        TaskDefinitionCommands.forUse(draft.state(), wish.realm(), wish.definition());
    if (!Compatibilities.allowFargate(definition.declaration())) {
      throw new Refused(
          new Refusal.InvalidParameter("Task definition does not support launch_type FARGATE."));
    }
    checkPlatform(wish, definition);
    Optional<Violation> unbuilt =
        Unbuilt.first(definition.declaration(), environmentFiles)
            .or(() -> Unbuilt.overridden(wish.overrides(), environmentFiles));
    if (unbuilt.isPresent()) {
      throw new Refused(new Refusal.NotPossible(unbuilt.get().message()));
    }
    CompiledTask compiled = compiled(definition, wish);
    Optional<RoleArn> role = role(wish, compiled);
    AwsvpcConfiguration.Resolved network = network(draft, wish);
    var tasks = new ArrayList<Task>();
    var failures = new ArrayList<String>();
    List<String> providers = CapacityProviders.choose(wish, cluster);
    for (int number = 0; number < wish.count(); number++) {
      Optional<String> provider =
          providers.isEmpty() ? Optional.empty() : Optional.of(providers.get(number));
      Instant now = clock.instant();
      Optional<TaskSite> site =
          TaskSite.choose(
              draft.state(),
              network,
              interfaces,
              (subnet, eni) ->
                  task(wish, id, definition, compiled, role, provider, now, subnet, eni));
      if (site.isEmpty()) {
        failures.add(NO_ADDRESS);
        continue;
      }
      Placement placement = site.get().placement();
      if (noCapacity == NoCapacity.FAIL && placement instanceof Placement.Nowhere nowhere) {
        failures.add(nowhere.shortage().wireName());
        continue;
      }
      Task timed = site.get().task().withTimings(timings(wish.receivedAt(), now, clock.instant()));
      tasks.add(Placer.put(draft, timed, placement, now));
    }
    if (!tasks.isEmpty()) { // Else nothing was done that must not be done twice.
      wish.clientToken()
          .ifPresent(token -> draft.put(Kind.RUN_TOKEN, used(wish, id, token, tasks)));
    }
    return new Started(tasks, failures);
  }

  private static void checkPlatform(RunTask wish, TaskDefinition definition) throws Refused {
    String version = wish.platformVersion().orElse(PLATFORM_VERSION_LATEST);
    if (!PlatformVersions.isKnown(version)) {
      throw new Refused(
          new Refusal.PlatformUnknown("The specified platform version doesn't exist."));
    }
    if (!PlatformVersions.suits(version, definition.declaration())) {
      throw new Refused(
          new Refusal.PlatformIncompatible(
              "One or more of the requested capabilities are not supported."));
    }
  }

  private AwsvpcConfiguration.Resolved network(Draft draft, RunTask wish) throws Refused {
    networks.prepare(draft, wish.realm(), clock.instant());
    Optional<AwsvpcConfiguration> declared = AwsvpcConfiguration.of(wish.networkConfiguration());
    return declared
        .orElseGet(() -> AwsvpcConfiguration.standard(draft.state(), wish.realm()))
        .resolve(draft.state(), wish.realm());
  }

  /**
   * Asks for a task's end. A task that has ended is answered as it is.
   *
   * @param reason shown to whoever asks why it stopped
   */
  public Task stop(ClusterId cluster, String idOrArn, Optional<String> reason) throws Refused {
    var why = new StopReason(StopCode.USER_INITIATED, reason.orElse("Task stopped by user"));
    return ledger.decide(
        draft -> {
          ClusterCommands.active(draft.state(), cluster);
          Task task =
              find(draft.state(), cluster, idOrArn)
                  .orElseThrow(
                      () ->
                          new Refused(
                              new Refusal.InvalidParameter("The referenced task was not found.")));
          Task asked = task.after(new TaskEvent.StopRequested(why), clock.instant());
          if (asked.version() != task.version()) {
            draft.put(Kind.TASK, asked);
          }
          return asked;
        });
  }

  /** The task of that id or ARN in a cluster. */
  public static Optional<Task> find(State state, ClusterId cluster, String idOrArn) {
    return id(cluster, idOrArn)
        .flatMap(id -> state.find(Kind.TASK, id))
        .filter(task -> task.cluster().equals(cluster));
  }

  private static Optional<TaskId> id(ClusterId cluster, String idOrArn) {
    String text = idOrArn;
    Optional<Arn> arn = Arn.parse(idOrArn);
    if (arn.isPresent()) {
      if (!arn.get().isIn(cluster.realm()) || !arn.get().resource().startsWith(ARN_RESOURCE)) {
        return Optional.empty();
      }
      String resource = arn.get().resource();
      text = resource.substring(resource.lastIndexOf('/') + 1);
    }
    return TaskId.isForm(text) ? Optional.of(new TaskId(text)) : Optional.empty();
  }

  private static Optional<Started> answeredBefore(Draft draft, RunTask wish, ClusterId id)
      throws Refused {
    if (wish.clientToken().isEmpty()) {
      return Optional.empty();
    }
    Optional<RunToken> used =
        draft.find(Kind.RUN_TOKEN, new RunTokenId(id, wish.clientToken().get()));
    if (used.isEmpty()) {
      return Optional.empty();
    }
    if (!used.get().fingerprint().equals(wish.fingerprint())) {
      throw new Refused(
          new Refusal.Conflict("The clientToken was used before for a different request."));
    }
    List<Task> tasks =
        used.get().tasks().stream().flatMap(task -> draft.find(Kind.TASK, task).stream()).toList();
    return Optional.of(new Started(tasks, List.of()));
  }

  private RunToken used(RunTask wish, ClusterId id, String token, List<Task> tasks) {
    return new RunToken(
        new RunTokenId(id, token),
        wish.fingerprint(),
        tasks.stream().map(Task::id).toList(),
        clock.instant());
  }

  private static CompiledTask compiled(TaskDefinition definition, RunTask wish) throws Refused {
    try {
      return TaskDefinitionCompiler.compile(definition.declaration(), wish.overrides());
    } catch (InvalidDeclaration invalid) {
      throw new Refused(new Refusal.InvalidParameter(invalid.violations().getFirst().message()));
    }
  }

  /** Of the task's own account: with another's, anyone could call in anyone's name. */
  private static Optional<RoleArn> role(RunTask wish, CompiledTask compiled) throws Refused {
    if (compiled.taskRole().isEmpty()) {
      return Optional.empty();
    }
    String declared = compiled.taskRole().get();
    String account = wish.realm().account().value();
    Optional<RoleArn> role =
        RoleArn.named(declared, wish.realm().account())
            .filter(arn -> arn.account().equals(account));
    if (role.isEmpty()) {
      throw new Refused(
          new Refusal.NotPossible(
              "ECS was unable to assume the role '"
                  + declared
                  + "' that was provided for this task. Please verify that the role being passed has"
                  + " the proper trust relationship and permissions and that your IAM user has"
                  + " permissions to pass this role."));
    }
    return role;
  }

  private String credentialsId() {
    return new UUID(random.nextLong(), random.nextLong()).toString();
  }

  private Task task(
      RunTask wish,
      ClusterId cluster,
      TaskDefinition definition,
      CompiledTask compiled,
      Optional<RoleArn> role,
      Optional<String> provider,
      Instant now,
      Subnet subnet,
      EniSpec eni) {
    var spec =
        new TaskSpec(
            new TaskId("%016x%016x".formatted(random.nextLong(), random.nextLong())),
            wish.realm(),
            cluster.name(),
            definition.id().family(),
            definition.id().revision(),
            compiled.size(),
            compiled.containers(),
            eni,
            compiled.ephemeralStorageGib(),
            compiled.pidMode(),
            Optional.of(compiled.secrets()),
            Optional.of(compiled.environmentFiles()),
            role.map(arn -> new TaskRole(arn, credentialsId())));
    var origin =
        new TaskOrigin(
            Optional.of(wish.launchType().orElse("FARGATE")),
            provider,
            wish.platformVersion()
                .filter(version -> !version.equals("LATEST"))
                .orElse(PLATFORM_VERSION_LATEST),
            compiled.architecture(),
            Optional.of(wish.group().orElse("family:" + definition.id().family())),
            wish.startedBy(),
            wish.overrides(),
            wish.networkConfiguration(),
            wish.executeCommandEnabled(),
            Optional.of(subnet.zoneName()));
    return new Task(
        spec,
        origin,
        new TaskState.Provisioning(),
        1,
        tags(wish, definition),
        now,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        List.of());
  }

  private static Map<String, String> tags(RunTask wish, TaskDefinition definition) {
    var tags = new HashMap<String, String>();
    if (wish.tagsFromDefinition()) {
      tags.putAll(definition.tags());
    }
    tags.putAll(wish.tags());
    return tags;
  }

  private static List<LaunchTiming> timings(Instant receivedAt, Instant began, Instant placed) {
    return List.of(
        timing(LaunchTiming.Phase.ACCEPT, receivedAt, began),
        timing(LaunchTiming.Phase.PLACE, began, placed));
  }

  private static LaunchTiming timing(LaunchTiming.Phase phase, Instant from, Instant to) {
    return new LaunchTiming(
        phase,
        ChronoUnit.MICROS.between(Instant.EPOCH, from),
        Math.max(0, ChronoUnit.MICROS.between(from, to)));
  }
}
