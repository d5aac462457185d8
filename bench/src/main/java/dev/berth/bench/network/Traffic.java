package dev.berth.bench.network;

import dev.berth.agent.linux.Namespaces;
import dev.berth.model.network.IpAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.Arrays;

/** Bytes a second and round trips between two namespaces, beside two others on a plain bridge. */
final class Traffic {
  private static final int PORT = 9_000;
  private static final int ROUND_COUNT = 3;
  private static final long STREAM_NANOS = 2_000_000_000L;
  private static final int ROUND_TRIP_COUNT = 20_000;
  private static final int BLOCK_BYTE_COUNT = 128 << 10;

  private Traffic() {}

  static void compare(Path from, Path to, IpAddress address) throws Exception {
    var throughput = new double[2][ROUND_COUNT];
    var roundTrip = new double[2][ROUND_COUNT];
    try (var bridge = new Bridge()) {
      for (int i = 0; i < ROUND_COUNT; i++) {
        throughput[0][i] = stream(from, to, address.inet());
        throughput[1][i] = stream(bridge.one(), bridge.two(), Bridge.TWO);
        roundTrip[0][i] = roundTripMicros(from, to, address.inet());
        roundTrip[1][i] = roundTripMicros(bridge.one(), bridge.two(), Bridge.TWO);
      }
    }
    System.out.printf(
        "throughput   %.2f Gbit/s, bridge %.2f: %.2f times%n",
        median(throughput[0]),
        median(throughput[1]),
        median(throughput[0]) / median(throughput[1]));
    System.out.printf(
        "round trip   %.1f us, bridge %.1f: %.2f times%n",
        median(roundTrip[0]), median(roundTrip[1]), median(roundTrip[0]) / median(roundTrip[1]));
  }

  private static double median(double[] values) {
    var sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  private static double stream(Path from, Path to, InetAddress address) throws Exception {
    try (var server = Namespaces.inNetwork(to, () -> new ServerSocket(PORT))) {
      var sending =
          Thread.ofPlatform()
              .start(
                  () -> {
                    try (var socket = Namespaces.inNetwork(from, () -> new Socket(address, PORT))) {
                      var block = new byte[BLOCK_BYTE_COUNT];
                      long end = System.nanoTime() + STREAM_NANOS;
                      while (System.nanoTime() < end) {
                        socket.getOutputStream().write(block);
                      }
                    } catch (IOException e) {
                      throw new IllegalStateException(e);
                    }
                  });
      try (var accepted = server.accept()) {
        var block = new byte[BLOCK_BYTE_COUNT];
        long begin = System.nanoTime();
        long sum = 0;
        for (int count; (count = accepted.getInputStream().read(block)) >= 0; ) {
          sum += count;
        }
        sending.join();
        return sum * 8.0 / (System.nanoTime() - begin);
      }
    }
  }

  private static double roundTripMicros(Path from, Path to, InetAddress address) throws Exception {
    try (var server = Namespaces.inNetwork(to, () -> new ServerSocket(PORT));
        var socket = Namespaces.inNetwork(from, () -> new Socket(address, PORT));
        var accepted = server.accept()) {
      socket.setTcpNoDelay(true);
      accepted.setTcpNoDelay(true);
      var echo =
          Thread.ofPlatform()
              .start(
                  () -> {
                    try {
                      for (int read; (read = accepted.getInputStream().read()) >= 0; ) {
                        accepted.getOutputStream().write(read);
                      }
                    } catch (IOException e) {
                      throw new IllegalStateException(e);
                    }
                  });
      var nanos = new double[ROUND_TRIP_COUNT];
      for (int i = 0; i < ROUND_TRIP_COUNT; i++) {
        long begin = System.nanoTime();
        socket.getOutputStream().write(1);
        socket.getInputStream().read();
        nanos[i] = System.nanoTime() - begin;
      }
      socket.shutdownOutput();
      echo.join();
      return median(nanos) / 1e3;
    }
  }
}
