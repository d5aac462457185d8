package dev.berth.model.identity;

/** One account in one region: the name space in which every resource lives. */
public record Realm(AccountId account, Region region) implements Comparable<Realm> {
  /** The ARN of a resource of this realm, such as {@code arn:aws:ecs:eu-west-1:1…2:cluster/c}. */
  public Arn arn(String service, String resource) {
    return new Arn("aws", service, region.value(), account.value(), resource);
  }

  @Override
  public int compareTo(Realm other) {
    int byAccount = account.compareTo(other.account);
    return byAccount != 0 ? byAccount : region.compareTo(other.region);
  }

  @Override
  public String toString() {
    return account + "/" + region;
  }
}
