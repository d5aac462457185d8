package dev.berth.agent.task;

import dev.berth.agent.image.TaskImages.TaskImage;
import dev.berth.agent.network.TaskNetworks;
import dev.berth.agent.network.TaskNetworks.TaskNetwork;
import dev.berth.agent.runtime.ContainerKey;
import dev.berth.agent.runtime.ContainerPlan;
import dev.berth.agent.runtime.ContainerRuntime.Status;
import dev.berth.agent.snapshot.VolumeSeed;
import dev.berth.agent.task.ContainerProgress.Standing;
import dev.berth.model.task.ContainerSpec;
import dev.berth.model.task.TaskId;
import dev.berth.model.task.TaskSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does the steps of one task. It has no choice in what it does, and keeps only what one step made
 * for the next.
 */
final class StepExecutor {
  private static final Logger LOG = LoggerFactory.getLogger(StepExecutor.class);

  /** Where a task hears of itself. */
  private static final String METADATA = "http://169.254.170.2";

  private final TaskSpec spec;
  private final TaskId task;
  private final HostParts host;
  private final TaskSecrets secretSource;
  private final Map<String, TaskImage> images = new ConcurrentHashMap<>();
  private final Map<String, Path> roots = new ConcurrentHashMap<>();
  private volatile @Nullable TaskNetwork network;

  /** By container and variable; in memory alone, and asked for anew by each life of the agent. */
  private volatile Map<String, Map<String, String>> secrets = Map.of();

  StepExecutor(TaskSpec spec, HostParts host, TaskSecrets secretSource) {
    this.spec = spec;
    this.task = spec.id();
    this.host = host;
    this.secretSource = secretSource;
  }

  /** Does one step, and blocks until it is done. */
  Outcome perform(TaskStep step) throws IOException, InterruptedException {
    return switch (step) {
      case TaskStep.ResolveImage(var name) -> resolve(container(name));
      case TaskStep.OpenLogs() -> {
        host.logs().open(spec);
        yield new Outcome.Done();
      }
      case TaskStep.ResolveSecrets() -> {
        secrets = secretSource.values(task);
        yield new Outcome.Done();
      }
      case TaskStep.PrepareCgroup() -> done(() -> host.cgroups().create(task, spec.size()));
      case TaskStep.AttachNetwork() ->
          done(() -> network = host.networks().attach(task, spec.eni()));
      case TaskStep.MountRoot(var name) -> mountRoot(name);
      case TaskStep.PrepareVolumes() -> {
        host.snapshots().makeVolumes(task, volumeSeeds());
        yield new Outcome.Done();
      }
      case TaskStep.CreateContainer(var name) ->
          done(() -> host.runtime().create(plan(container(name))));
      case TaskStep.StartContainer(var name) -> done(() -> host.runtime().start(key(name)));
      case TaskStep.InspectContainer(var name) -> inspect(key(name));
      case TaskStep.AwaitExit(var name) -> ended(key(name), host.runtime().awaitExit(key(name)));
      case TaskStep.CheckHealth(var name, _) -> checkHealth(container(name));
      case TaskStep.LookForOutput(var name, _) ->
          new Outcome.FirstOutput(host.runtime().firstOutputAt(key(name)));
      case TaskStep.Terminate(var name, var signal) ->
          done(() -> host.runtime().signal(key(name), signal));
      case TaskStep.Kill(var name) ->
          done(() -> host.runtime().signal(key(name), StopSignal.SIGKILL));
      case TaskStep.DeleteContainer(var name) -> done(() -> host.runtime().delete(key(name)));
      case TaskStep.RemoveRoots() -> done(() -> host.snapshots().remove(task));
      case TaskStep.DetachNetwork() -> done(() -> host.networks().detach(task));
      case TaskStep.RemoveCgroup() -> done(() -> host.cgroups().remove(task));
      case TaskStep.ReleaseImages() -> done(() -> host.images().release(task));
      // The pause before them is all there is to them.
      case TaskStep.AwaitStopTimeout _, TaskStep.AwaitStartTimeout _, TaskStep.AwaitLaunchSlot _ ->
          new Outcome.Done();
    };
  }

  private interface Action {
    void run() throws IOException;
  }

  private static Outcome done(Action action) throws IOException {
    action.run();
    return new Outcome.Done();
  }

  private Outcome resolve(ContainerSpec container) throws IOException {
    var image = host.images().resolve(task, container.image());
    images.put(container.name(), image);
    return new Outcome.Resolved(image.digest(), image.config().stopSignal());
  }

  private Outcome mountRoot(String container) throws IOException, InterruptedException {
    host.snapshots().reserve(task, spec.storageGib());
    var layers = made(images, container).layers();
    roots.put(container, host.snapshots().mount(task, container, layers));
    return new Outcome.Done();
  }

  private Outcome inspect(ContainerKey key) throws IOException {
    return switch (host.runtime().status(key)) {
      case Status.Absent() -> new Outcome.Stands(Standing.ABSENT);
      case Status.Created _ -> new Outcome.Stands(Standing.CREATED);
      case Status.Running _ -> new Outcome.Stands(Standing.RUNNING);
      case Status.Exited exited -> ended(key, exited);
    };
  }

  private Outcome checkHealth(ContainerSpec container) throws IOException, InterruptedException {
    var check = container.supervision().healthCheck().orElseThrow();
    var timeout = Duration.ofSeconds(check.timeoutSeconds());
    return new Outcome.Checked(
        host.runtime().check(key(container.name()), check.command(), timeout));
  }

  /** Gathers what must be known before the container is deleted. */
  private Outcome ended(ContainerKey key, Status.Exited exited) throws IOException {
    boolean outOfMemory = host.cgroups().outOfMemory(task, key.name());
    Optional<Instant> firstOutputAt = Optional.empty();
    try {
      firstOutputAt = host.runtime().firstOutputAt(key);
    } catch (IOException e) {
      // A measure is missing; the exit code must not be.
      LOG.atWarn().addKeyValue("container", key.runtimeId()).setCause(e).log("no first output");
    }
    return new Outcome.Ended(exited.exitCode(), exited.at(), outOfMemory, firstOutputAt);
  }

  /** In the order of the declaration, which decides whose content a volume begins with. */
  private List<VolumeSeed> volumeSeeds() {
    return spec.containers().stream()
        .flatMap(
            container ->
                container.volumeMounts().stream()
                    .map(
                        mount ->
                            new VolumeSeed(
                                mount.volume(), container.name(), mount.containerPath())))
        .toList();
  }

  private Map<String, Path> volumes(ContainerSpec container) throws IOException {
    var volumes = new HashMap<String, Path>();
    for (var mount : container.volumeMounts()) {
      volumes.put(mount.volume(), host.snapshots().volume(task, mount.volume()));
    }
    return volumes;
  }

  private ContainerPlan plan(ContainerSpec container) throws IOException {
    var attached = network;
    if (attached == null) {
      throw new IllegalStateException("task " + task + " has no network yet");
    }
    return new ContainerPlan(
        key(container.name()),
        container,
        spec.size(),
        made(images, container.name()).config(),
        made(roots, container.name()),
        volumes(container),
        attached.namespace(),
        spec.eni().privateAddress().value(),
        host.cgroups().containerPath(task, container),
        environment(container, attached),
        spec.eni().privateDnsName(),
        attached.resolver().map(TaskNetworks.Resolver::text),
        spec.pidMode());
  }

  /** What Fargate's own agent sets, as far as it is served here. */
  private Map<String, String> environment(ContainerSpec container, TaskNetwork attached) {
    var region = spec.realm().region().value();
    var variables = new HashMap<String, String>();
    variables.put("AWS_EXECUTION_ENV", "AWS_ECS_FARGATE");
    variables.put("AWS_REGION", region);
    variables.put("AWS_DEFAULT_REGION", region);
    var id = key(container.name()).metadataId();
    variables.put("ECS_CONTAINER_METADATA_URI", METADATA + "/v3/" + id);
    variables.put("ECS_CONTAINER_METADATA_URI_V4", METADATA + "/v4/" + id);
    variables.put("ECS_AGENT_URI", METADATA + "/api/" + id);
    spec.role()
        .ifPresent(
            role ->
                variables.put(
                    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
                    "/v2/credentials/" + role.credentialsId()));
    attached.apiUrl().ifPresent(url -> variables.put("AWS_ENDPOINT_URL", url));
    variables.putAll(secrets.getOrDefault(container.name(), Map.of()));
    return variables;
  }

  private static <T> T made(Map<String, T> made, String container) {
    var value = made.get(container);
    if (value == null) {
      throw new IllegalStateException("a step before was not done for container " + container);
    }
    return value;
  }

  private ContainerSpec container(String name) {
    return spec.containers().stream()
        .filter(each -> each.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private ContainerKey key(String container) {
    return new ContainerKey(task, container);
  }
}
