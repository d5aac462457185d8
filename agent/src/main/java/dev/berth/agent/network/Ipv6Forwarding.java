package dev.berth.agent.network;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The host's switch for IPv6 packets that are not its own. A host that forwards no longer listens
 * to its routers, and could lose its own way out: those interfaces that listen are told to go on.
 * Facts: the kernel's ip-sysctl.
 */
final class Ipv6Forwarding {
  private static final Logger LOG = LoggerFactory.getLogger(Ipv6Forwarding.class);
  private static final Path INTERFACES = Path.of("/proc/sys/net/ipv6/conf");
  private static final String LISTENS = "1";
  private static final String LISTENS_AND_FORWARDS = "2";

  private Ipv6Forwarding() {}

  static void switchOn() throws IOException {
    var forwarding = INTERFACES.resolve("all/forwarding");
    if (!Files.exists(forwarding) || read(forwarding).equals("1")) {
      return;
    }
    try (var interfaces = Files.newDirectoryStream(INTERFACES)) {
      for (var each : interfaces) {
        var listening = each.resolve("accept_ra");
        if (read(listening).equals(LISTENS)) {
          Files.writeString(listening, LISTENS_AND_FORWARDS);
        }
      }
    }
    Files.writeString(forwarding, "1");
    LOG.atInfo().log("net.ipv6.conf.all.forwarding switched on; accept_ra 1 made 2 for that");
  }

  private static String read(Path setting) throws IOException {
    return Files.readString(setting).strip();
  }
}
