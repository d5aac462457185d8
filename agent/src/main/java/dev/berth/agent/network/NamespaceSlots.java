package dev.berth.agent.network;

import dev.berth.agent.linux.Links;
import dev.berth.agent.linux.Mounts;
import dev.berth.agent.linux.Namespaces;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Numbered network namespaces. A slot's file is made before anything else of it and removed after
 * everything else, so a file tells that its number, and with it its address, is in use.
 */
final class NamespaceSlots {
  /** Inside a namespace, as on AWS. */
  private static final String INTERFACE = "eth0";

  /** The host's own, whatever namespace the calling thread is in. */
  private static final Path HOST_NAMESPACE = Path.of("/proc/self/ns/net");

  private final Path folder;
  private final String interfacePrefix;
  private final AddressRange range;

  /** Goes round, so that a number rests before it is used again. */
  private final AtomicInteger cursor = new AtomicInteger();

  NamespaceSlots(Path folder, String interfacePrefix, AddressRange range) {
    this.folder = folder;
    this.interfacePrefix = interfacePrefix;
    this.range = range;
  }

  Path file(int slot) {
    return folder.resolve(Integer.toString(slot));
  }

  String address(int slot) {
    return range.addressText(slot);
  }

  /** Makes a namespace with loopback, an address and a way out, and gives its number. */
  int make() throws IOException {
    int slot = reserve();
    try {
      var hostSide = hostInterface(slot);
      try (var links = new Links()) {
        Namespaces.inNewNetwork(() -> fillNamespace(slot, hostSide, links));
        silenceIpv6(hostSide);
        links.address(hostSide, range.gateway());
        links.routeTo(range.address(slot), hostSide);
        links.neighbour(range.address(slot), range.hardwareAddress(slot), hostSide);
        settle(hostSide);
      }
      return slot;
    } catch (IOException e) {
      destroy(slot);
      throw e;
    }
  }

  private Path fillNamespace(int slot, String hostSide, Links hostLinks) throws IOException {
    Mounts.bind(Namespaces.OWN_NETWORK, file(slot));
    try (var links = new Links()) {
      links.up("lo");
      links.addPair(
          INTERFACE,
          range.hardwareAddress(slot),
          hostSide,
          range.gatewayHardwareAddress(),
          HOST_NAMESPACE);
      links.address(INTERFACE, range.address(slot));
      hostLinks.up(hostSide); // First: an interface whose peer is up can send from the start.
      links.up(INTERFACE);
      links.routeTo(range.gateway(), INTERFACE);
      // Known for good, so that the first packet does not wait for an answer.
      links.neighbour(range.gateway(), range.gatewayHardwareAddress(), INTERFACE);
      links.routeDefault(range.gateway(), INTERFACE);
    }
    return file(slot);
  }

  /** The host's side speaks IPv4 only; without this the kernel would give it an address. */
  private static void silenceIpv6(String name) throws IOException {
    var setting = Path.of("/proc/sys/net/ipv6/conf", name, "disable_ipv6");
    if (Files.exists(setting)) {
      Files.writeString(setting, "1");
    }
  }

  /**
   * The side that came up before its peer drops what it is to send until the kernel has noticed the
   * peer, and what is dropped now is sent again after a second. Asking makes it notice (Linux 6.8).
   */
  private static void settle(String name) throws IOException {
    Files.readString(Path.of("/sys/class/net", name, "carrier"));
  }

  private int reserve() throws IOException {
    int count = range.slotMax() - AddressRange.SLOT_MIN + 1;
    for (int i = 0; i < count; i++) {
      int slot = AddressRange.SLOT_MIN + Math.floorMod(cursor.getAndIncrement(), count);
      try {
        Files.createFile(file(slot));
        return slot;
      } catch (FileAlreadyExistsException e) {
        // In use: the next one, then.
      }
    }
    throw new IOException("all " + count + " addresses of " + range + " are in use");
  }

  /** Removes all of a slot, its file last. Nothing there is no failure. */
  void destroy(int slot) throws IOException {
    dismantle(slot);
    Files.deleteIfExists(file(slot));
  }

  /** Removes all of a slot but its file, so that nobody takes its number yet. */
  void dismantle(int slot) throws IOException {
    try (var links = new Links()) {
      links.delete(hostInterface(slot));
    }
    Mounts.unmount(file(slot));
  }

  boolean isMade(int slot) throws IOException {
    return Mounts.isMounted(file(slot));
  }

  List<Integer> list() throws IOException {
    var slots = new ArrayList<Integer>();
    try (var entries = Files.newDirectoryStream(folder, "[0-9]*")) {
      entries.forEach(entry -> slots.add(Integer.parseInt(entry.getFileName().toString())));
    }
    return slots;
  }

  private String hostInterface(int slot) {
    return interfacePrefix + slot;
  }
}
