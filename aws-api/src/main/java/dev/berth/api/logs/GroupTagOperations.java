package dev.berth.api.logs;

import dev.berth.api.gateway.CallContext;
import dev.berth.api.gateway.ServiceBinding;
import dev.berth.logs.GroupId;
import dev.berth.logs.LogStore;
import java.util.Collection;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import software.amazon.awssdk.services.cloudwatchlogs.model.ListTagsForResourceRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.ListTagsForResourceResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.ListTagsLogGroupRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.ListTagsLogGroupResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.TagLogGroupRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.TagLogGroupResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.TagResourceRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.TagResourceResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.TooManyTagsException;
import software.amazon.awssdk.services.cloudwatchlogs.model.UntagLogGroupRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.UntagLogGroupResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.UntagResourceRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.UntagResourceResponse;

/** Tags of log groups, by the operations of today and those of yesterday. */
@SuppressWarnings("deprecation") // The older family is still what some clients call.
final class GroupTagOperations {
  private static final int TAG_COUNT_MAX = 50;

  private final LogStore store;

  GroupTagOperations(LogStore store) {
    this.store = store;
  }

  void addTo(ServiceBinding.Builder service) {
    service
        .on(TagResourceRequest.class, this::tagResource)
        .on(UntagResourceRequest.class, this::untagResource)
        .on(ListTagsForResourceRequest.class, this::listOfResource)
        .on(TagLogGroupRequest.class, this::tagGroup)
        .on(UntagLogGroupRequest.class, this::untagGroup)
        .on(ListTagsLogGroupRequest.class, this::listOfGroup);
  }

  /** The tags as they are, if they may be. */
  static Map<String, String> valid(Map<String, String> tags) {
    for (String key : tags.keySet()) {
      if (key.toLowerCase(Locale.ROOT).startsWith("aws:")) {
        throw LogsErrors.invalid("tags: the key '" + key + "' uses the reserved prefix 'aws:'.");
      }
    }
    return tags;
  }

  private TagResourceResponse tagResource(CallContext context, TagResourceRequest request) {
    tag(LogNames.ofArn(context, request.resourceArn()), request.tags(), request.resourceArn());
    return TagResourceResponse.builder().build();
  }

  private UntagResourceResponse untagResource(CallContext context, UntagResourceRequest request) {
    untag(LogNames.ofArn(context, request.resourceArn()), request.tagKeys());
    return UntagResourceResponse.builder().build();
  }

  private ListTagsForResourceResponse listOfResource(
      CallContext context, ListTagsForResourceRequest request) {
    return ListTagsForResourceResponse.builder()
        .tags(tags(LogNames.ofArn(context, request.resourceArn())))
        .build();
  }

  private TagLogGroupResponse tagGroup(CallContext context, TagLogGroupRequest request) {
    GroupId group = LogNames.group(context, request.logGroupName());
    tag(group, request.tags(), LogNames.arn(group));
    return TagLogGroupResponse.builder().build();
  }

  private UntagLogGroupResponse untagGroup(CallContext context, UntagLogGroupRequest request) {
    untag(LogNames.group(context, request.logGroupName()), request.tags());
    return UntagLogGroupResponse.builder().build();
  }

  private ListTagsLogGroupResponse listOfGroup(
      CallContext context, ListTagsLogGroupRequest request) {
    return ListTagsLogGroupResponse.builder()
        .tags(tags(LogNames.group(context, request.logGroupName())))
        .build();
  }

  private Map<String, String> tags(GroupId group) {
    return store.group(group).orElseThrow(LogsErrors::noGroup).settings().tags();
  }

  private void tag(GroupId group, Map<String, String> added, String arn) {
    var together = new HashMap<>(tags(group));
    together.putAll(valid(added));
    if (together.size() > TAG_COUNT_MAX) {
      throw TooManyTagsException.builder()
          .message("A log group can have at most " + TAG_COUNT_MAX + " tags.")
          .resourceName(arn)
          .build();
    }
    LogsErrors.require(
        store.changeGroup(
            group,
            settings -> {
              var tags = new HashMap<>(settings.tags());
              tags.putAll(added);
              return settings.withTags(tags);
            }));
  }

  private void untag(GroupId group, Collection<String> keys) {
    LogsErrors.require(
        store.changeGroup(
            group,
            settings -> {
              var tags = new HashMap<>(settings.tags());
              tags.keySet().removeAll(keys);
              return settings.withTags(tags);
            }));
  }
}
