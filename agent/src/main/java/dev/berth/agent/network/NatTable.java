package dev.berth.agent.network;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** The agent's one nftables table: tasks reach the world by the host's address. */
final class NatTable {
  private static final long NFT_SECONDS_MAX = 10;

  private final String name;

  NatTable(String name) {
    this.name = name;
  }

  /** Puts the table in place as one transaction, whatever was there of it. */
  void apply(AddressRange range) throws IOException {
    // Deleting what may not be there is an error; adding it before never is.
    nft(
        """
        table ip %1$s
        delete table ip %1$s
        table ip %1$s {
          chain forward {
            type filter hook forward priority filter; policy accept;
            ip saddr %2$s ip daddr 169.254.0.0/16 drop
          }
          chain postrouting {
            type nat hook postrouting priority srcnat; policy accept;
            ip saddr %2$s ip daddr != %2$s masquerade
          }
        }
        """
            .formatted(name, range));
  }

  void remove() throws IOException {
    nft("table ip %1$s\ndelete table ip %1$s\n".formatted(name));
  }

  private static void nft(String script) throws IOException {
    var process = new ProcessBuilder("nft", "-f", "-").redirectErrorStream(true).start();
    try (var input = process.getOutputStream()) {
      input.write(script.getBytes(StandardCharsets.UTF_8));
    }
    var complaint = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (!process.waitFor(NFT_SECONDS_MAX, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IOException("nft did not end within " + NFT_SECONDS_MAX + " s");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while nft ran", e);
    }
    if (process.exitValue() != 0) {
      throw new IOException("nft refused the table: " + complaint.strip());
    }
  }
}
