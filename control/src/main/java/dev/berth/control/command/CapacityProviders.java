package dev.berth.control.command;

import dev.berth.model.cluster.CapacityProviderUse;
import dev.berth.model.cluster.Cluster;
import java.util.ArrayList;
import java.util.List;

/** Which capacity provider each of the tasks of one request belongs to. */
final class CapacityProviders {
  private static final String LAUNCH_TYPE = "FARGATE";

  private CapacityProviders() {}

  /** One provider for each task, in order; none where a launch type is asked for or implied. */
  static List<String> choose(RunTask wish, Cluster cluster) throws Refused {
    if (wish.launchType().isPresent() && !wish.strategy().isEmpty()) {
      throw new Refused(
          new Refusal.InvalidParameter(
              "Specifying both a launch type and capacity provider strategy is not supported."
                  + " Remove one and try again."));
    }
    if (wish.launchType().isPresent()) {
      return launched(wish.launchType().get());
    }
    List<CapacityProviderUse> strategy =
        wish.strategy().isEmpty() ? cluster.defaultStrategy() : wish.strategy();
    CapacityProviderRules.checkOffered(
        strategy.stream().map(CapacityProviderUse::provider).toList());
    CapacityProviderRules.checkStrategy(strategy, cluster.capacityProviders());
    return strategy.isEmpty() ? List.of() : shared(strategy, wish.count());
  }

  private static List<String> launched(String launchType) throws Refused {
    if (!launchType.equals(LAUNCH_TYPE)) {
      throw new Refused(
          new Refusal.InvalidParameter(
              "launchType " + launchType + " is not supported: Berth runs FARGATE tasks only."));
    }
    return List.of();
  }

  /** First the bases, then each next task to the provider that is furthest below its weight. */
  private static List<String> shared(List<CapacityProviderUse> strategy, int count) throws Refused {
    var chosen = new ArrayList<String>();
    for (CapacityProviderUse use : strategy) {
      for (int base = 0; base < use.base() && chosen.size() < count; base++) {
        chosen.add(use.provider());
      }
    }
    int[] given = new int[strategy.size()];
    while (chosen.size() < count) {
      int next = furthestBehind(strategy, given);
      given[next]++;
      chosen.add(strategy.get(next).provider());
    }
    return chosen;
  }

  private static int furthestBehind(List<CapacityProviderUse> strategy, int[] given) {
    int best = -1;
    for (int index = 0; index < given.length; index++) {
      long weight = strategy.get(index).weight();
      if (weight > 0
          && (best < 0
              || (given[index] + 1L) * strategy.get(best).weight() < (given[best] + 1L) * weight)) {
        best = index;
      }
    }
    return best;
  }
}
