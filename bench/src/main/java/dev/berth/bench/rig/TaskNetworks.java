package dev.berth.bench.rig;

import dev.berth.app.HostLayout;
import java.util.zip.CRC32;

/** Address ranges for the agents of a machine that many test runs share. */
final class TaskNetworks {
  /** The default range of a real Berth, 100.64.0.0/16, is none of them. */
  private static final int SECOND_OCTET_MIN = 65;

  private static final int SECOND_OCTET_COUNT = 60;
  private static final int RANGES_PER_OCTET = 16;

  private TaskNetworks() {}

  /** One of nearly a thousand ranges with four thousand addresses each, by the agent's mark. */
  static String of(HostLayout host) {
    var sum = new CRC32();
    sum.update(host.mark().getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    long number = sum.getValue() % (SECOND_OCTET_COUNT * RANGES_PER_OCTET);
    return "100.%d.%d.0/20"
        .formatted(
            SECOND_OCTET_MIN + number / RANGES_PER_OCTET,
            number % RANGES_PER_OCTET * (256 / RANGES_PER_OCTET));
  }
}
