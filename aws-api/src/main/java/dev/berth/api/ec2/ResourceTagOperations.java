package dev.berth.api.ec2;

import dev.berth.api.gateway.CallContext;
import dev.berth.control.command.Refused;
import dev.berth.control.command.vpc.NetworkError;
import dev.berth.control.command.vpc.NetworkRefused;
import dev.berth.control.command.vpc.ResourceTagCommands;
import dev.berth.control.query.NetworkQueries;
import dev.berth.control.query.NetworkView;
import dev.berth.control.query.Page;
import dev.berth.control.state.NetworkKind;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.ec2.model.CreateTagsRequest;
import software.amazon.awssdk.services.ec2.model.CreateTagsResponse;
import software.amazon.awssdk.services.ec2.model.DeleteTagsRequest;
import software.amazon.awssdk.services.ec2.model.DeleteTagsResponse;
import software.amazon.awssdk.services.ec2.model.DescribeTagsRequest;
import software.amazon.awssdk.services.ec2.model.DescribeTagsResponse;
import software.amazon.awssdk.services.ec2.model.Tag;
import software.amazon.awssdk.services.ec2.model.TagDescription;

/** The tags of all resources. */
public final class ResourceTagOperations implements Ec2Operations.Group {
  private static final Map<String, String> TYPES =
      Map.ofEntries(
          Map.entry("vpc", "vpc"),
          Map.entry("subnet", "subnet"),
          Map.entry("igw", "internet-gateway"),
          Map.entry("eigw", "egress-only-internet-gateway"),
          Map.entry("rtb", "route-table"),
          Map.entry("nat", "natgateway"),
          Map.entry("vpce", "vpc-endpoint"),
          Map.entry("eipalloc", "elastic-ip"),
          Map.entry("sg", "security-group"),
          Map.entry("sgr", "security-group-rule"),
          Map.entry("pl", "prefix-list"),
          Map.entry("eni", "network-interface"));

  private static final Ec2Listing<OneTag> LISTING =
      new Ec2Listing<OneTag>("tag", NetworkError.INVALID_ID, OneTag::position)
          .on("key", OneTag::key)
          .on("value", OneTag::value)
          .on("resource-id", OneTag::resource)
          .on("resource-type", OneTag::type);

  private final ResourceTagCommands commands;
  private final NetworkQueries queries;

  /** One tag of one resource. */
  private record OneTag(String resource, String key, String value) {
    String position() {
      return resource + "/" + key;
    }

    String type() {
      return TYPES.getOrDefault(resource.substring(0, resource.indexOf('-')), "");
    }
  }

  public ResourceTagOperations(ResourceTagCommands commands, NetworkQueries queries) {
    this.commands = commands;
    this.queries = queries;
  }

  @Override
  public void addTo(Ec2Operations operations) {
    operations
        .change(CreateTagsRequest.class, this::create)
        .change(DeleteTagsRequest.class, this::delete)
        .look(DescribeTagsRequest.class, this::describe);
  }

  private CreateTagsResponse create(CallContext context, CreateTagsRequest request)
      throws NetworkRefused {
    commands.tag(context.realm(), request.resources(), Ec2Tags.byKey(request.tags()));
    return CreateTagsResponse.builder().build();
  }

  private DeleteTagsResponse delete(CallContext context, DeleteTagsRequest request)
      throws NetworkRefused {
    var keys = new HashMap<String, Optional<String>>();
    for (Tag tag : request.tags()) {
      keys.put(String.valueOf(tag.key()), Optional.ofNullable(tag.value()));
    }
    commands.untag(context.realm(), request.resources(), keys);
    return DeleteTagsResponse.builder().build();
  }

  private DescribeTagsResponse describe(CallContext context, DescribeTagsRequest request)
      throws NetworkRefused, Refused {
    NetworkView view = queries.of(context.realm());
    Page<OneTag> page =
        LISTING.page(
            view,
            view.all(NetworkKind.RESOURCE_TAGS)
                .flatMap(
                    of ->
                        of.tags().entrySet().stream()
                            .map(tag -> new OneTag(of.resource(), tag.getKey(), tag.getValue()))),
            new Ec2Listing.Request(
                List.of(), request.filters(), request.maxResults(), request.nextToken()));
    return DescribeTagsResponse.builder()
        .tags(page.items().stream().map(ResourceTagOperations::shape).toList())
        .nextToken(page.nextToken().orElse(null))
        .build();
  }

  private static TagDescription shape(OneTag tag) {
    return TagDescription.builder()
        .resourceId(tag.resource())
        .resourceType(tag.type())
        .key(tag.key())
        .value(tag.value())
        .build();
  }
}
