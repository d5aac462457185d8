package dev.berth.api.ecs;

import dev.berth.api.gateway.CallContext;
import dev.berth.control.command.CapacityProviderRules;
import dev.berth.control.command.Refused;
import dev.berth.control.query.Page;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.services.ecs.model.CapacityProvider;
import software.amazon.awssdk.services.ecs.model.CapacityProviderStatus;
import software.amazon.awssdk.services.ecs.model.DescribeCapacityProvidersRequest;
import software.amazon.awssdk.services.ecs.model.DescribeCapacityProvidersResponse;
import software.amazon.awssdk.services.ecs.model.Failure;

/** The capacity providers that there are, over ECS's shapes. */
public final class CapacityProviderOperations implements EcsOperations.Group {
  private static final int PAGE_SIZE_MAX = 10;

  @Override
  public void addTo(EcsOperations operations) {
    operations.on(DescribeCapacityProvidersRequest.class, CapacityProviderOperations::describe);
  }

  private static DescribeCapacityProvidersResponse describe(
      CallContext context, DescribeCapacityProvidersRequest request) throws Refused {
    var found = new ArrayList<String>();
    var failures = new ArrayList<Failure>();
    for (String wanted : request.capacityProviders()) {
      CapacityProviderRules.OFFERED.stream()
          .filter(name -> wanted.equals(name) || wanted.equals(arn(context, name)))
          .findFirst()
          .ifPresentOrElse(
              found::add,
              () -> failures.add(Failure.builder().arn(wanted).reason("MISSING").build()));
    }
    List<String> names =
        request.capacityProviders().isEmpty() ? CapacityProviderRules.OFFERED : found;
    Page<String> page =
        Page.of(
            names.stream().distinct(),
            name -> name,
            EcsPages.request(request.maxResults(), request.nextToken()),
            PAGE_SIZE_MAX);
    return DescribeCapacityProvidersResponse.builder()
        .capacityProviders(page.items().stream().map(name -> shape(context, name)).toList())
        .failures(failures)
        .nextToken(page.nextToken().orElse(null))
        .build();
  }

  private static CapacityProvider shape(CallContext context, String name) {
    return CapacityProvider.builder()
        .capacityProviderArn(arn(context, name))
        .name(name)
        .status(CapacityProviderStatus.ACTIVE)
        .tags(List.of())
        .build();
  }

  private static String arn(CallContext context, String name) {
    return context.realm().arn("ecs", "capacity-provider/" + name).toString();
  }
}
