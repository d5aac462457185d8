package dev.berth.api.ecs;

import dev.berth.api.gateway.CallContext;
import dev.berth.control.command.ClusterCommands;
import dev.berth.control.command.Refusal;
import dev.berth.control.command.Refused;
import dev.berth.control.query.TaskQueries;
import dev.berth.model.cluster.ClusterId;
import dev.berth.model.task.Task;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import software.amazon.awssdk.services.ecs.model.Failure;
import software.amazon.awssdk.services.ecs.model.GetTaskProtectionRequest;
import software.amazon.awssdk.services.ecs.model.GetTaskProtectionResponse;
import software.amazon.awssdk.services.ecs.model.UpdateTaskProtectionRequest;
import software.amazon.awssdk.services.ecs.model.UpdateTaskProtectionResponse;

/**
 * GetTaskProtection and UpdateTaskProtection.
 *
 * <p>ECS protects a task from being stopped by its service, and answers TASK_NOT_VALID for one that
 * no service has started. There are no services here yet, so that every task is such a one.
 */
public final class ProtectionOperations implements EcsOperations.Group {
  private static final int UPDATED_COUNT_MAX = 10;
  private static final int EXPIRES_MINUTES_MIN = 1;
  private static final int EXPIRES_MINUTES_MAX = 2880;

  private final TaskQueries queries;

  public ProtectionOperations(TaskQueries queries) {
    this.queries = queries;
  }

  @Override
  public void addTo(EcsOperations operations) {
    operations
        .on(GetTaskProtectionRequest.class, this::get)
        .on(UpdateTaskProtectionRequest.class, this::update);
  }

  private GetTaskProtectionResponse get(CallContext context, GetTaskProtectionRequest request)
      throws Refused {
    return GetTaskProtectionResponse.builder()
        .protectedTasks(List.of())
        .failures(failures(context, request.cluster(), request.tasks(), TaskQueries.PAGE_SIZE_MAX))
        .build();
  }

  private UpdateTaskProtectionResponse update(
      CallContext context, UpdateTaskProtectionRequest request) throws Refused {
    Integer minutes = request.expiresInMinutes();
    // AWS's documentation has the bounds; the words are ours.
    if (minutes != null && (minutes < EXPIRES_MINUTES_MIN || minutes > EXPIRES_MINUTES_MAX)) {
      throw new Refused(
          new Refusal.InvalidParameter("expiresInMinutes must be between 1 and 2880."));
    }
    return UpdateTaskProtectionResponse.builder()
        .protectedTasks(List.of())
        .failures(failures(context, request.cluster(), request.tasks(), UPDATED_COUNT_MAX))
        .build();
  }

  private List<Failure> failures(
      CallContext context, String clusterName, List<String> references, int countMax)
      throws Refused {
    if (references.isEmpty() || references.size() > countMax) {
      throw new Refused(
          new Refusal.InvalidParameter(
              references.isEmpty()
                  ? "Tasks cannot be empty."
                  : "Tasks cannot have more than " + countMax + " elements."));
    }
    ClusterId cluster = ClusterCommands.named(context.realm(), Optional.of(clusterName));
    TaskQueries.Found found = queries.describe(cluster, references);
    return Stream.concat(
            found.tasks().stream().map(ProtectionOperations::standalone),
            found.missing().stream().map(each -> TaskOperations.missing(cluster, each)))
        .toList();
  }

  private static Failure standalone(Task task) {
    return Failure.builder().arn(task.arn().toString()).reason("TASK_NOT_VALID").build();
  }
}
