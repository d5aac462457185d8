package dev.berth.agent.network.rules;

import dev.berth.model.network.EniSpec;

/**
 * A task's interface on this host.
 *
 * @param slot the number of its namespace, and of the router's end of its pair
 */
public record Attachment(int slot, EniSpec eni) {
  /** What the router's end is called. */
  public String interfaceName() {
    return interfaceName(slot);
  }

  public static String interfaceName(int slot) {
    return "v" + slot;
  }
}
