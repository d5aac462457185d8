package dev.berth.api.sts;

import dev.berth.api.gateway.CallContext;
import dev.berth.api.gateway.ServiceBinding;
import software.amazon.awssdk.services.sts.model.GetCallerIdentityRequest;
import software.amazon.awssdk.services.sts.model.GetCallerIdentityResponse;

/** The operations of STS that need no roles. */
public final class StsOperations {
  private StsOperations() {}

  /** STS, ready to be served. */
  public static ServiceBinding binding() {
    return ServiceBinding.of("sts")
        .on(GetCallerIdentityRequest.class, (context, _) -> callerIdentity(context))
        .build();
  }

  private static GetCallerIdentityResponse callerIdentity(CallContext context) {
    return GetCallerIdentityResponse.builder()
        .account(context.principal().accountId())
        .arn(context.principal().arn())
        .userId(context.principal().userId())
        .build();
  }
}
