package dev.berth.model.host;

import java.time.Instant;

/**
 * A host that has registered.
 *
 * @param generation of its newest connection: it refuses messages of an older one
 * @param lost silent for too long; nothing is placed on it until it connects again
 * @param since when {@code lost} last changed
 */
public record Host(HostFacts facts, long generation, boolean lost, Instant since) {
  public HostId id() {
    return facts.id();
  }
}
