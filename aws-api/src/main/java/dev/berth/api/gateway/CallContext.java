package dev.berth.api.gateway;

import dev.berth.model.identity.AccountId;
import dev.berth.model.identity.Realm;
import dev.berth.model.identity.Region;
import dev.berth.model.signature.Principal;
import java.time.Instant;

/**
 * Who calls, where, and when.
 *
 * @param region the one that the client signed for: any name
 * @param requestId unique, and in the answer's headers
 * @param now the one time of this call
 */
public record CallContext(Principal principal, String region, String requestId, Instant now) {

  /** The account whose resources the call is about. */
  public String accountId() {
    return principal.accountId();
  }

  /**
   * The account and region in which every name of the call is looked up.
   *
   * @throws ApiException if the region's name cannot stand in an ARN
   */
  public Realm realm() {
    if (!Region.isName(region)) {
      throw new ApiException(
          "InvalidSignatureException", "'" + region + "' cannot be the name of a region.");
    }
    return new Realm(new AccountId(accountId()), new Region(region));
  }
}
