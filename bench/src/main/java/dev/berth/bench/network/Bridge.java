package dev.berth.bench.network;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;

/**
 * Two namespaces on a bridge in a third, made by iproute2: what a task network is compared with.
 */
final class Bridge implements AutoCloseable {
  static final InetAddress TWO = InetAddress.ofLiteral("172.28.0.2");

  private static final Path NAMESPACES = Path.of("/run/netns");
  private final String prefix = "bbn" + ProcessHandle.current().pid();

  Bridge() throws IOException, InterruptedException {
    run("ip netns add %1$sb");
    run("ip -n %1$sb link add br0 type bridge");
    run("ip -n %1$sb link set br0 up");
    for (int i = 1; i <= 2; i++) {
      run("ip netns add %1$s" + i);
      run("ip -n %1$s" + i + " link add eth0 type veth peer name p" + i + " netns %1$sb");
      run("ip -n %1$sb link set p" + i + " master br0 up");
      run("ip -n %1$s" + i + " address add 172.28.0." + i + "/24 dev eth0");
      run("ip -n %1$s" + i + " link set eth0 up");
    }
  }

  Path one() {
    return NAMESPACES.resolve(prefix + "1");
  }

  Path two() {
    return NAMESPACES.resolve(prefix + "2");
  }

  private void run(String command) throws IOException, InterruptedException {
    var words = command.formatted(prefix).split(" ", -1);
    if (new ProcessBuilder(words).inheritIO().start().waitFor() != 0) {
      throw new IOException("failed: " + String.join(" ", words));
    }
  }

  @Override
  public void close() throws IOException {
    try {
      for (var name : new String[] {"1", "2", "b"}) {
        run("ip netns delete %1$s" + name);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while the namespaces were deleted", e);
    }
  }
}
