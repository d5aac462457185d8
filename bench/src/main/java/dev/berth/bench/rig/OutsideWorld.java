package dev.berth.bench.rig;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.berth.agent.linux.HardwareAddress;
import dev.berth.agent.linux.Interfaces;
import dev.berth.agent.linux.Interfaces.End;
import dev.berth.agent.linux.Mounts;
import dev.berth.agent.linux.Namespaces;
import dev.berth.model.network.IpAddress;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A namespace behind this machine that stands for the world: it knows the way to the machine alone,
 * and says {@link #GREETING} to whoever connects.
 */
public final class OutsideWorld implements AutoCloseable {
  /** Of the ranges for documentation. */
  public static final String IPV4 = "192.0.2.200";

  public static final String IPV6 = "2001:db8:fffe::2";
  public static final int PORT = 8080;
  public static final String GREETING = "world";

  private static final String HOST_IPV4 = "192.0.2.201";
  private static final String HOST_IPV6 = "2001:db8:fffe::1";
  private static final Path HOST_NAMESPACE = Path.of("/proc/self/ns/net");
  private static final String NAME = "eth0";
  private static final int INDEX = 2;

  private final Path namespace;
  private final String hostInterface;
  private final ServerSocket listener;

  private OutsideWorld(Path namespace, String hostInterface, ServerSocket listener) {
    this.namespace = namespace;
    this.hostInterface = hostInterface;
    this.listener = listener;
  }

  /** Makes it; the file must not be there yet. */
  public static OutsideWorld open(Path namespace) throws IOException {
    String hostInterface = "bw" + ProcessHandle.current().pid();
    Files.createFile(namespace);
    Namespaces.inNewNetwork(
        () -> {
          Mounts.bind(Namespaces.OWN_NETWORK, namespace);
          try (var links = new Interfaces()) {
            links.up(Interfaces.LOOPBACK);
            links.addPair(
                new End(NAME, INDEX, new HardwareAddress("0a:02:00:00:00:02")),
                new End(hostInterface, 0, new HardwareAddress("0a:02:00:00:00:01")),
                HOST_NAMESPACE);
            join(links, INDEX, IPV4, HOST_IPV4);
            join(links, INDEX, IPV6, HOST_IPV6);
          }
          return namespace;
        });
    try (var links = new Interfaces()) {
      int index = Interfaces.index(hostInterface).orElseThrow();
      join(links, index, HOST_IPV4, IPV4);
      join(links, index, HOST_IPV6, IPV6);
    }
    var listener = Namespaces.inNetwork(namespace, () -> new ServerSocket(PORT));
    var world = new OutsideWorld(namespace, hostInterface, listener);
    Thread.ofPlatform().daemon().name("outside-world").start(world::greet);
    return world;
  }

  private static void join(Interfaces links, int index, String own, String peer)
      throws IOException {
    links.address(index, new IpAddress(own).bytes());
    links.up(index);
    links.routeTo(index, new IpAddress(peer).bytes());
  }

  private void greet() {
    while (!listener.isClosed()) {
      try (var caller = listener.accept()) {
        caller.getOutputStream().write((GREETING + "\n").getBytes(US_ASCII));
      } catch (IOException gone) {
        // The caller, or this world.
      }
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    try (var links = new Interfaces()) {
      links.delete(Interfaces.index(hostInterface).orElseThrow());
    }
    Mounts.unmount(namespace);
    Files.delete(namespace);
  }
}
