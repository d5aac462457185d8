package dev.berth.api.logs;

import dev.berth.api.gateway.CallContext;
import dev.berth.api.gateway.ServiceBinding;
import dev.berth.logs.Changed;
import dev.berth.logs.GroupId;
import dev.berth.logs.GroupSettings;
import dev.berth.logs.LogGroup;
import dev.berth.logs.LogStore;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import software.amazon.awssdk.services.cloudwatchlogs.model.CreateLogGroupRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.CreateLogGroupResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.DeleteLogGroupRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.DeleteLogGroupResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.DeleteRetentionPolicyRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.DeleteRetentionPolicyResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.DescribeLogGroupsRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.DescribeLogGroupsResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.LogGroupClass;
import software.amazon.awssdk.services.cloudwatchlogs.model.PutRetentionPolicyRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.PutRetentionPolicyResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.ResourceAlreadyExistsException;

/** Log groups and their retention. */
final class GroupOperations {
  private static final Set<Integer> RETENTION_DAYS =
      Set.of(
          1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557,
          2922, 3288, 3653);

  private final LogStore store;

  GroupOperations(LogStore store) {
    this.store = store;
  }

  void addTo(ServiceBinding.Builder service) {
    service
        .on(CreateLogGroupRequest.class, this::create)
        .on(DeleteLogGroupRequest.class, this::delete)
        .on(DescribeLogGroupsRequest.class, this::describe)
        .on(PutRetentionPolicyRequest.class, this::putRetention)
        .on(DeleteRetentionPolicyRequest.class, this::deleteRetention);
  }

  private CreateLogGroupResponse create(CallContext context, CreateLogGroupRequest request) {
    if (request.logGroupName().toLowerCase(Locale.ROOT).startsWith("aws/")) {
      throw LogsErrors.invalid("Log groups starting with AWS/ are reserved for AWS.");
    }
    if (request.kmsKeyId() != null) {
      throw LogsErrors.invalid("kmsKeyId: Berth does not encrypt log groups with a KMS key yet.");
    }
    LogGroupClass logClass =
        request.logGroupClass() == null ? LogGroupClass.STANDARD : request.logGroupClass();
    if (logClass == LogGroupClass.DELIVERY) {
      throw LogsErrors.invalid("logGroupClass: Berth does not offer the class DELIVERY yet.");
    }
    var settings =
        new GroupSettings(
            OptionalInt.empty(), GroupTagOperations.valid(request.tags()), logClass.toString());
    GroupId id = LogNames.group(context, request.logGroupName());
    if (store.createGroup(id, context.now().toEpochMilli(), settings) == Changed.EXISTS) {
      throw ResourceAlreadyExistsException.builder()
          .message("The specified log group already exists")
          .build();
    }
    return CreateLogGroupResponse.builder().build();
  }

  private DeleteLogGroupResponse delete(CallContext context, DeleteLogGroupRequest request) {
    LogsErrors.require(store.deleteGroup(LogNames.group(context, request.logGroupName())));
    return DeleteLogGroupResponse.builder().build();
  }

  private DescribeLogGroupsResponse describe(
      CallContext context, DescribeLogGroupsRequest request) {
    String prefix = request.logGroupNamePrefix();
    String pattern = request.logGroupNamePattern();
    if (prefix != null && pattern != null) {
      throw LogsErrors.invalid(
          "LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.");
    }
    List<LogGroup> groups =
        store.groups(context.realm()).stream()
            .filter(group -> prefix == null || group.id().name().startsWith(prefix))
            .filter(group -> pattern == null || group.id().name().contains(pattern))
            .filter(
                group ->
                    request.logGroupClass() == null
                        || group.settings().logClass().equals(request.logGroupClassAsString()))
            .toList();
    var page =
        NamePages.of(groups, group -> group.id().name(), request.nextToken(), request.limit());
    return DescribeLogGroupsResponse.builder()
        .logGroups(page.items().stream().map(GroupOperations::shape).toList())
        .nextToken(page.nextToken().orElse(null))
        .build();
  }

  private static software.amazon.awssdk.services.cloudwatchlogs.model.LogGroup shape(
      LogGroup group) {
    OptionalInt days = group.settings().retentionDays();
    return software.amazon.awssdk.services.cloudwatchlogs.model.LogGroup.builder()
        .logGroupName(group.id().name())
        .creationTime(group.createdMillis())
        .retentionInDays(days.isPresent() ? days.getAsInt() : null)
        .metricFilterCount(0)
        .arn(LogNames.arn(group.id()) + ":*")
        .logGroupArn(LogNames.arn(group.id()))
        .logGroupClass(group.settings().logClass())
        .storedBytes(group.storedByteCount())
        .build();
  }

  private PutRetentionPolicyResponse putRetention(
      CallContext context, PutRetentionPolicyRequest request) {
    int days = request.retentionInDays();
    if (!RETENTION_DAYS.contains(days)) {
      throw LogsErrors.invalid(
          "retentionInDays: %d is not a valid number of days. Valid are %s."
              .formatted(days, new TreeSet<>(RETENTION_DAYS)));
    }
    retention(context, request.logGroupName(), OptionalInt.of(days));
    return PutRetentionPolicyResponse.builder().build();
  }

  private DeleteRetentionPolicyResponse deleteRetention(
      CallContext context, DeleteRetentionPolicyRequest request) {
    retention(context, request.logGroupName(), OptionalInt.empty());
    return DeleteRetentionPolicyResponse.builder().build();
  }

  private void retention(CallContext context, String group, OptionalInt days) {
    LogsErrors.require(
        store.changeGroup(
            LogNames.group(context, group), settings -> settings.withRetentionDays(days)));
  }
}
