package dev.berth.control.command;

import dev.berth.model.cluster.CapacityProviderUse;
import java.util.List;
import java.util.Set;

/** What holds of capacity providers and of strategies over them. */
public final class CapacityProviderRules {
  /** Those that there are. */
  public static final List<String> OFFERED =
      List.of(CapacityProviderUse.FARGATE, CapacityProviderUse.FARGATE_SPOT);

  private CapacityProviderRules() {}

  /** Refuses a provider that there is not. */
  public static void checkOffered(List<String> providers) throws Refused {
    for (String provider : providers) {
      if (!OFFERED.contains(provider)) {
        throw invalid(
            "The specified capacity provider '%s' was not found. Specify a valid name or ARN and try again."
                .formatted(provider));
      }
    }
  }

  /**
   * Refuses a strategy that cannot be followed.
   *
   * @param associated the cluster's providers
   */
  public static void checkStrategy(List<CapacityProviderUse> strategy, List<String> associated)
      throws Refused {
    if (!Set.copyOf(associated)
        .containsAll(strategy.stream().map(CapacityProviderUse::provider).toList())) {
      throw invalid(
          "The specified capacity provider strategy cannot contain a capacity provider that is not"
              + " associated with the cluster. Associate the capacity provider with the cluster and"
              + " try again.");
    }
    if (strategy.stream().map(CapacityProviderUse::provider).distinct().count()
        != strategy.size()) {
      throw invalid(
          "The specified capacity provider strategy cannot contain a capacity provider twice.");
    }
    if (strategy.stream().filter(use -> use.base() > 0).count() > 1) {
      throw invalid(
          "The specified capacity provider strategy cannot contain more than one capacity provider"
              + " with a base value.");
    }
    if (!strategy.isEmpty() && strategy.stream().allMatch(use -> use.weight() == 0)) {
      throw invalid(
          "The specified capacity provider strategy must contain a capacity provider with a weight"
              + " greater than 0.");
    }
  }

  private static Refused invalid(String message) {
    return new Refused(new Refusal.InvalidParameter(message));
  }
}
