package dev.berth.api.ecs;

import dev.berth.api.gateway.CallContext;
import dev.berth.api.protocol.ShapeText;
import dev.berth.control.command.ClusterCommands;
import dev.berth.control.command.Refusal;
import dev.berth.control.command.Refused;
import dev.berth.control.command.RunTask;
import dev.berth.control.command.TaskCommands;
import dev.berth.control.declaration.LaunchRules;
import dev.berth.control.declaration.Violation;
import dev.berth.control.hosts.HostDirectory;
import dev.berth.control.query.Page;
import dev.berth.control.query.TaskQueries;
import dev.berth.model.Declared;
import dev.berth.model.cluster.CapacityProviderUse;
import dev.berth.model.cluster.ClusterId;
import dev.berth.model.task.Task;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.ecs.model.CapacityProviderStrategyItem;
import software.amazon.awssdk.services.ecs.model.DescribeTasksRequest;
import software.amazon.awssdk.services.ecs.model.DescribeTasksResponse;
import software.amazon.awssdk.services.ecs.model.Failure;
import software.amazon.awssdk.services.ecs.model.ListTasksRequest;
import software.amazon.awssdk.services.ecs.model.ListTasksResponse;
import software.amazon.awssdk.services.ecs.model.PropagateTags;
import software.amazon.awssdk.services.ecs.model.RunTaskRequest;
import software.amazon.awssdk.services.ecs.model.RunTaskResponse;
import software.amazon.awssdk.services.ecs.model.StopTaskRequest;
import software.amazon.awssdk.services.ecs.model.StopTaskResponse;
import software.amazon.awssdk.services.ecs.model.TaskField;

/** RunTask, StopTask, DescribeTasks and ListTasks. */
public final class TaskOperations implements EcsOperations.Group {
  private static final String TAGS_FROM_DEFINITION = PropagateTags.TASK_DEFINITION.toString();

  private final TaskCommands commands;
  private final TaskQueries queries;
  private final HostDirectory hosts;
  private final InstantSource clock;

  public TaskOperations(
      TaskCommands commands, TaskQueries queries, HostDirectory hosts, InstantSource clock) {
    this.commands = commands;
    this.queries = queries;
    this.hosts = hosts;
    this.clock = clock;
  }

  @Override
  public void addTo(EcsOperations operations) {
    operations
        .on(RunTaskRequest.class, this::run)
        .on(StopTaskRequest.class, this::stop)
        .on(DescribeTasksRequest.class, this::describe)
        .on(ListTasksRequest.class, this::list);
  }

  private RunTaskResponse run(CallContext context, RunTaskRequest request) throws Refused {
    hosts.expectTask();
    if (request.networkConfiguration() == null
        || request.networkConfiguration().awsvpcConfiguration() == null) {
      throw new Refused(
          new Refusal.InvalidParameter(
              "Network Configuration must be provided when networkMode 'awsvpc' is specified."));
    }
    if (!request.placementConstraints().isEmpty() || !request.placementStrategy().isEmpty()) {
      throw new Refused(
          new Refusal.InvalidParameter(
              "Placement constraints are not supported with FARGATE launch type."));
    }
    RunTask wish = wish(context, request);
    Optional<Violation> wrong = LaunchRules.first(wish.networkConfiguration(), wish.overrides());
    if (wrong.isPresent()) {
      throw new Refused(new Refusal.InvalidParameter(wrong.get().message()));
    }
    TaskCommands.Started started = commands.run(wish);
    for (Task task : started.tasks()) {
      hosts.launches().committed(task, clock.instant());
      hosts.tell(task.id());
    }
    return RunTaskResponse.builder()
        .tasks(started.tasks().stream().map(task -> TaskShape.of(task, true)).toList())
        .failures(
            started.failures().stream()
                .map(reason -> Failure.builder().reason(reason).build())
                .toList())
        .build();
  }

  private static RunTask wish(CallContext context, RunTaskRequest request) throws Refused {
    return new RunTask(
        context.realm(),
        Optional.ofNullable(request.cluster()),
        request.taskDefinition(),
        Objects.requireNonNullElse(request.count(), 1),
        Optional.ofNullable(request.launchTypeAsString()),
        request.capacityProviderStrategy().stream().map(TaskOperations::use).toList(),
        Optional.ofNullable(request.platformVersion()),
        Optional.ofNullable(request.group()),
        Optional.ofNullable(request.startedBy()),
        Optional.ofNullable(request.clientToken()),
        declared(request.networkConfiguration()),
        declared(request.overrides()),
        EcsTags.byKey(request.tags()),
        TAGS_FROM_DEFINITION.equals(request.propagateTagsAsString()),
        Boolean.TRUE.equals(request.enableExecuteCommand()),
        context.now());
  }

  private static CapacityProviderUse use(CapacityProviderStrategyItem item) {
    return new CapacityProviderUse(
        item.capacityProvider(),
        Objects.requireNonNullElse(item.base(), 0),
        Objects.requireNonNullElse(item.weight(), 0));
  }

  private StopTaskResponse stop(CallContext context, StopTaskRequest request) throws Refused {
    ClusterId cluster = cluster(context, request.cluster());
    Task task = commands.stop(cluster, request.task(), Optional.ofNullable(request.reason()));
    hosts.tell(task.id());
    return StopTaskResponse.builder().task(TaskShape.of(task, true)).build();
  }

  private DescribeTasksResponse describe(CallContext context, DescribeTasksRequest request)
      throws Refused {
    ClusterId cluster = cluster(context, request.cluster());
    if (request.tasks().isEmpty() || request.tasks().size() > TaskQueries.PAGE_SIZE_MAX) {
      throw new Refused(
          new Refusal.InvalidParameter(
              request.tasks().isEmpty()
                  ? "Tasks cannot be empty."
                  : "Tasks cannot have more than " + TaskQueries.PAGE_SIZE_MAX + " elements."));
    }
    boolean withTags = request.include().contains(TaskField.TAGS);
    TaskQueries.Found found = queries.describe(cluster, request.tasks());
    return DescribeTasksResponse.builder()
        .tasks(found.tasks().stream().map(task -> TaskShape.of(task, withTags)).toList())
        .failures(found.missing().stream().map(each -> missing(cluster, each)).toList())
        .build();
  }

  static Failure missing(ClusterId cluster, String reference) {
    String arn =
        reference.startsWith("arn:")
            ? reference
            : cluster.realm().arn("ecs", "task/" + cluster.name() + "/" + reference).toString();
    return Failure.builder().arn(arn).reason("MISSING").build();
  }

  private ListTasksResponse list(CallContext context, ListTasksRequest request) throws Refused {
    ClusterId cluster = cluster(context, request.cluster());
    if (request.containerInstance() != null) {
      throw new Refused(
          new Refusal.InvalidParameter(
              "containerInstance: tasks of the Fargate launch type have no container instance."));
    }
    var filter =
        new TaskQueries.Filter(
            Objects.requireNonNullElse(request.desiredStatusAsString(), "RUNNING"),
            Optional.ofNullable(request.family()),
            Optional.ofNullable(request.startedBy()),
            Optional.ofNullable(request.serviceName()).map(name -> "service:" + name),
            Optional.ofNullable(request.launchTypeAsString()));
    Page<Task> page =
        queries.list(cluster, filter, EcsPages.request(request.maxResults(), request.nextToken()));
    return ListTasksResponse.builder()
        .taskArns(page.items().stream().map(task -> task.arn().toString()).toList())
        .nextToken(page.nextToken().orElse(null))
        .build();
  }

  private static ClusterId cluster(CallContext context, @Nullable String nameOrArn) throws Refused {
    return ClusterCommands.named(context.realm(), Optional.ofNullable(nameOrArn));
  }

  private static Declared declared(@Nullable SdkPojo shape) {
    return shape == null ? Declared.NOTHING : new Declared(ShapeText.of(shape));
  }
}
