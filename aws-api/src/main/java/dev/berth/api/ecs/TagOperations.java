package dev.berth.api.ecs;

import dev.berth.api.gateway.CallContext;
import dev.berth.control.command.Refused;
import dev.berth.control.command.TagCommands;
import software.amazon.awssdk.services.ecs.model.ListTagsForResourceRequest;
import software.amazon.awssdk.services.ecs.model.ListTagsForResourceResponse;
import software.amazon.awssdk.services.ecs.model.TagResourceRequest;
import software.amazon.awssdk.services.ecs.model.TagResourceResponse;
import software.amazon.awssdk.services.ecs.model.UntagResourceRequest;
import software.amazon.awssdk.services.ecs.model.UntagResourceResponse;

/** Tags of resources over ECS's shapes. */
public final class TagOperations implements EcsOperations.Group {
  private final TagCommands commands;

  public TagOperations(TagCommands commands) {
    this.commands = commands;
  }

  @Override
  public void addTo(EcsOperations operations) {
    operations
        .on(TagResourceRequest.class, this::tag)
        .on(UntagResourceRequest.class, this::untag)
        .on(ListTagsForResourceRequest.class, this::list);
  }

  private TagResourceResponse tag(CallContext context, TagResourceRequest request) throws Refused {
    commands.tag(context.realm(), request.resourceArn(), EcsTags.byKey(request.tags()));
    return TagResourceResponse.builder().build();
  }

  private UntagResourceResponse untag(CallContext context, UntagResourceRequest request)
      throws Refused {
    commands.untag(context.realm(), request.resourceArn(), request.tagKeys());
    return UntagResourceResponse.builder().build();
  }

  private ListTagsForResourceResponse list(CallContext context, ListTagsForResourceRequest request)
      throws Refused {
    return ListTagsForResourceResponse.builder()
        .tags(EcsTags.of(commands.list(context.realm(), request.resourceArn())))
        .build();
  }
}
