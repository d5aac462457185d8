package dev.berth.model.cluster;

/**
 * One entry of a capacity provider strategy.
 *
 * @param base how many tasks it gets before any weight counts
 * @param weight its share of the rest
 */
public record CapacityProviderUse(String provider, int base, int weight) {
  public static final String FARGATE = "FARGATE";
  public static final String FARGATE_SPOT = "FARGATE_SPOT";
}
