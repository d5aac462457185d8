package dev.berth.api.ecs;

import dev.berth.api.gateway.CallContext;
import dev.berth.api.protocol.ShapeText;
import dev.berth.control.command.Refusal;
import dev.berth.control.command.Refused;
import dev.berth.control.command.TaskDefinitionCommands;
import dev.berth.control.declaration.Compatibilities;
import dev.berth.control.declaration.RequiredAttributes;
import dev.berth.control.query.Page;
import dev.berth.control.query.TaskDefinitionQueries;
import dev.berth.control.query.TaskDefinitionQueries.FamilyStatus;
import dev.berth.model.Declared;
import dev.berth.model.task.TaskDefinition.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.Attribute;
import software.amazon.awssdk.services.ecs.model.DeleteTaskDefinitionsRequest;
import software.amazon.awssdk.services.ecs.model.DeleteTaskDefinitionsResponse;
import software.amazon.awssdk.services.ecs.model.DeregisterTaskDefinitionRequest;
import software.amazon.awssdk.services.ecs.model.DeregisterTaskDefinitionResponse;
import software.amazon.awssdk.services.ecs.model.DescribeTaskDefinitionRequest;
import software.amazon.awssdk.services.ecs.model.DescribeTaskDefinitionResponse;
import software.amazon.awssdk.services.ecs.model.Failure;
import software.amazon.awssdk.services.ecs.model.ListTaskDefinitionFamiliesRequest;
import software.amazon.awssdk.services.ecs.model.ListTaskDefinitionFamiliesResponse;
import software.amazon.awssdk.services.ecs.model.ListTaskDefinitionsRequest;
import software.amazon.awssdk.services.ecs.model.ListTaskDefinitionsResponse;
import software.amazon.awssdk.services.ecs.model.RegisterTaskDefinitionRequest;
import software.amazon.awssdk.services.ecs.model.RegisterTaskDefinitionResponse;
import software.amazon.awssdk.services.ecs.model.SortOrder;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;
import software.amazon.awssdk.services.ecs.model.TaskDefinitionFamilyStatus;
import software.amazon.awssdk.services.ecs.model.TaskDefinitionField;
import software.amazon.awssdk.services.ecs.model.TaskDefinitionStatus;

/** Task definitions over ECS's shapes. */
public final class TaskDefinitionOperations implements EcsOperations.Group {
  private static final int DELETE_COUNT_MAX = 10;

  private final TaskDefinitionCommands commands;
  private final TaskDefinitionQueries queries;

  public TaskDefinitionOperations(TaskDefinitionCommands commands, TaskDefinitionQueries queries) {
    this.commands = commands;
    this.queries = queries;
  }

  @Override
  public void addTo(EcsOperations operations) {
    operations
        .on(RegisterTaskDefinitionRequest.class, this::register)
        .on(DescribeTaskDefinitionRequest.class, this::describe)
        .on(ListTaskDefinitionsRequest.class, this::list)
        .on(ListTaskDefinitionFamiliesRequest.class, this::families)
        .on(DeregisterTaskDefinitionRequest.class, this::deregister)
        .on(DeleteTaskDefinitionsRequest.class, this::delete);
  }

  private RegisterTaskDefinitionResponse register(
      CallContext context, RegisterTaskDefinitionRequest request) throws Refused {
    var registered =
        commands.register(
            context.realm(),
            request.family(),
            new Declared(ShapeText.of(request)),
            EcsTags.byKey(request.tags()),
            context.principal().arn(),
            context.now());
    return RegisterTaskDefinitionResponse.builder()
        .taskDefinition(shape(registered))
        .tags(EcsTags.of(registered.tags()))
        .build();
  }

  private DescribeTaskDefinitionResponse describe(
      CallContext context, DescribeTaskDefinitionRequest request) throws Refused {
    var found = queries.describe(context.realm(), request.taskDefinition());
    boolean withTags = request.include().contains(TaskDefinitionField.TAGS);
    return DescribeTaskDefinitionResponse.builder()
        .taskDefinition(shape(found))
        .tags(withTags ? EcsTags.of(found.tags()) : List.of())
        .build();
  }

  private ListTaskDefinitionsResponse list(CallContext context, ListTaskDefinitionsRequest request)
      throws Refused {
    var asked = EcsPages.request(request.maxResults(), request.nextToken());
    Page<dev.berth.model.task.TaskDefinition> page =
        queries.list(
            context.realm(),
            Optional.ofNullable(request.familyPrefix()),
            status(request.status()),
            new Page.Request(asked.sizeMax(), asked.token(), request.sort() == SortOrder.DESC));
    return ListTaskDefinitionsResponse.builder()
        .taskDefinitionArns(page.items().stream().map(it -> it.id().arn().toString()).toList())
        .nextToken(page.nextToken().orElse(null))
        .build();
  }

  private ListTaskDefinitionFamiliesResponse families(
      CallContext context, ListTaskDefinitionFamiliesRequest request) throws Refused {
    Page<String> page =
        queries.families(
            context.realm(),
            Optional.ofNullable(request.familyPrefix()).orElse(""),
            familyStatus(request.status()),
            EcsPages.request(request.maxResults(), request.nextToken()));
    return ListTaskDefinitionFamiliesResponse.builder()
        .families(page.items())
        .nextToken(page.nextToken().orElse(null))
        .build();
  }

  private DeregisterTaskDefinitionResponse deregister(
      CallContext context, DeregisterTaskDefinitionRequest request) throws Refused {
    return DeregisterTaskDefinitionResponse.builder()
        .taskDefinition(
            shape(commands.deregister(context.realm(), request.taskDefinition(), context.now())))
        .build();
  }

  private DeleteTaskDefinitionsResponse delete(
      CallContext context, DeleteTaskDefinitionsRequest request) throws Refused {
    if (request.taskDefinitions().isEmpty()
        || request.taskDefinitions().size() > DELETE_COUNT_MAX) {
      throw new Refused(
          new Refusal.InvalidParameter(
              "taskDefinitions must name between 1 and 10 task definitions."));
    }
    var deleted = new ArrayList<TaskDefinition>();
    var failures = new ArrayList<Failure>();
    for (String reference : request.taskDefinitions()) {
      try {
        deleted.add(shape(commands.delete(context.realm(), reference)));
      } catch (Refused refused) {
        failures.add(Failure.builder().arn(reference).reason(refused.refusal().message()).build());
      }
    }
    return DeleteTaskDefinitionsResponse.builder()
        .taskDefinitions(deleted)
        .failures(failures)
        .build();
  }

  private static TaskDefinition shape(dev.berth.model.task.TaskDefinition definition) {
    Declared declaration = definition.declaration();
    return ShapeText.fill(declaration.json(), TaskDefinition.builder())
        .taskDefinitionArn(definition.id().arn().toString())
        .family(definition.id().family())
        .revision(definition.id().revision())
        .status(definition.status().name())
        .requiresAttributes(
            RequiredAttributes.of(declaration).stream()
                .map(name -> Attribute.builder().name(name).build())
                .toList())
        .compatibilitiesWithStrings(Compatibilities.of(declaration))
        .registeredAt(definition.registeredAt())
        .registeredBy(definition.registeredBy())
        .deregisteredAt(definition.deregisteredAt().orElse(null))
        .build();
  }

  private static Status status(@Nullable TaskDefinitionStatus asked) {
    return asked == null ? Status.ACTIVE : Status.valueOf(asked.toString());
  }

  private static FamilyStatus familyStatus(@Nullable TaskDefinitionFamilyStatus asked) {
    return asked == null ? FamilyStatus.ALL : FamilyStatus.valueOf(asked.toString());
  }
}
