package dev.berth.agent.network;

import dev.berth.model.network.Cidr;
import dev.berth.model.network.IpAddress;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The ranges that the host itself has routes to. Facts: proc_pid_net(5), the file {@code route}.
 */
final class HostNetworks {
  private static final Path ROUTES = Path.of("/proc/net/route");
  private static final int DESTINATION_COLUMN = 1;
  private static final int MASK_COLUMN = 7;

  private HostNetworks() {}

  /** Without the default route and those by interfaces whose names begin like that. */
  static List<Cidr> without(String interfacePrefix) throws IOException {
    return parse(Files.readAllLines(ROUTES), interfacePrefix);
  }

  static List<Cidr> parse(List<String> lines, String interfacePrefix) {
    var found = new ArrayList<Cidr>();
    for (var line : lines.subList(1, lines.size())) {
      var columns = line.strip().split("\\s+", -1);
      int prefixLength = Integer.bitCount(number(columns[MASK_COLUMN]));
      if (prefixLength > 0 && !columns[0].startsWith(interfacePrefix)) {
        var bytes =
            ByteBuffer.allocate(4)
                .order(ByteOrder.nativeOrder())
                .putInt(number(columns[DESTINATION_COLUMN]))
                .array();
        found.add(new Cidr(IpAddress.of(bytes), prefixLength));
      }
    }
    return found;
  }

  /** The kernel writes an address as the number that its bytes are on this machine. */
  private static int number(String hex) {
    return Integer.parseUnsignedInt(hex, 16);
  }
}
