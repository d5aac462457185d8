package dev.berth.agent.image.registry;

import java.time.Duration;
import java.util.Set;

/**
 * How registries are reached.
 *
 * @param insecureRegistries hosts (with port, if any) that are spoken to without TLS; loopback
 *     always is
 * @param stallTimeout longest wait for a connection's next byte
 * @param attemptCountMax tries of one request, the first included
 * @param backoff wait before the second try; doubled for each further one
 */
public record RegistrySettings(
    Set<String> insecureRegistries,
    Duration connectTimeout,
    Duration stallTimeout,
    int attemptCountMax,
    Duration backoff) {
  public static final RegistrySettings STANDARD =
      new RegistrySettings(
          Set.of(), Duration.ofSeconds(10), Duration.ofSeconds(30), 5, Duration.ofMillis(200));

  public RegistrySettings {
    insecureRegistries = Set.copyOf(insecureRegistries);
  }
}
