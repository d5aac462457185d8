package dev.berth.agent.network;

import java.util.regex.Pattern;

/**
 * What an agent's networks are called on the host itself. Everything else of them is in namespaces
 * of its own.
 *
 * @param mark up to seven letters and digits, no other agent's of this machine
 */
public record HostNames(String mark) {
  private static final Pattern MARK_FORM = Pattern.compile("[a-z0-9]{1,7}");

  public HostNames {
    if (!MARK_FORM.matcher(mark).matches()) {
      throw new IllegalArgumentException("'" + mark + "' cannot mark an interface");
    }
  }

  /** How the names of uplinks begin; their numbers follow. */
  public String uplinkPrefix() {
    return "b" + mark + "-v";
  }

  /** The name of the table, whose family is {@code inet}. */
  public String table() {
    return "berth_" + mark;
  }
}
