package dev.berth.agent.network;

import static dev.berth.agent.network.VpcRoom.EVERYTHING;
import static dev.berth.agent.network.VpcRoom.VPC;
import static dev.berth.agent.network.VpcRoom.group;

import dev.berth.model.network.EniSpec;
import dev.berth.model.network.VpcPlan;
import java.util.List;
import java.util.Optional;

/**
 * A VPC with one subnet, one open group and no way out, for tests that are about something else.
 */
public final class OneSubnet {
  private static final int PER_OCTET = 250;

  private OneSubnet() {}

  public static VpcPlan plan() {
    return VpcRoom.plan(
        VPC, 1, List.of(), List.of(VpcRoom.plan(1, List.of(EVERYTHING), List.of(EVERYTHING))));
  }

  /**
   * An interface in that subnet.
   *
   * @param number from 0, up to some thousands
   */
  public static EniSpec eni(int number) {
    return VpcRoom.eni(
        VPC,
        "172.29.%d.%d".formatted(number / PER_OCTET, 4 + number % PER_OCTET),
        Optional.empty(),
        group(1));
  }
}
