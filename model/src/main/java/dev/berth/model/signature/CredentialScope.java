package dev.berth.model.signature;

/**
 * What a signature is good for.
 *
 * @param date the day in UTC, {@code 20261123}
 * @param region any region name
 * @param service the signing name of a service, {@code ecs}
 */
public record CredentialScope(String date, String region, String service) {

  static final String TERMINATOR = "aws4_request";

  @Override
  public String toString() {
    return date + "/" + region + "/" + service + "/" + TERMINATOR;
  }
}
