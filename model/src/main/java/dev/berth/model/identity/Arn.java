package dev.berth.model.identity;

import java.util.Optional;

/**
 * An Amazon resource name. Region and account are bare strings, since AWS leaves either of them
 * empty for some resources.
 */
public record Arn(
    String partition, String service, String region, String account, String resource) {
  private static final int PART_COUNT = 6;

  /** The parts of a text that has the form of an ARN, or nothing. */
  public static Optional<Arn> parse(String text) {
    String[] parts = text.split(":", PART_COUNT);
    if (parts.length != PART_COUNT || !parts[0].equals("arn") || parts[5].isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(new Arn(parts[1], parts[2], parts[3], parts[4], parts[5]));
  }

  /** Whether the resource belongs to that account and region. */
  public boolean isIn(Realm realm) {
    return region.equals(realm.region().value()) && account.equals(realm.account().value());
  }

  @Override
  public String toString() {
    return String.join(":", "arn", partition, service, region, account, resource);
  }
}
