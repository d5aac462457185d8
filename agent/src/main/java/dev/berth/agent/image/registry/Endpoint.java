package dev.berth.agent.image.registry;

import dev.berth.model.image.ImageException;
import dev.berth.model.image.ImageFailure;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Locale;

/**
 * Where a registry is, and where it may send us.
 *
 * <p>A registry names other hosts in redirects and token realms. It must not make the agent, which
 * is root on a host with metadata addresses and local services, ask those for it.
 *
 * @param plain whether it is spoken to without TLS
 * @param loopback whether it is on this host
 */
record Endpoint(String host, boolean plain, boolean loopback) {
  private static final byte[] NAT64_PREFIX = {
    0, 0x64, (byte) 0xff, (byte) 0x9b, 0, 0, 0, 0, 0, 0, 0, 0
  };
  private static final String DOCKER_HUB = "docker.io";
  private static final int PORT_MAX = 65535;
  private static final String DOCKER_HUB_HOST = "registry-1.docker.io";

  /**
   * Where a registry's name leads; not every name that a reference may carry is one that can be
   * asked.
   */
  static Endpoint of(String registry, RegistrySettings settings) throws ImageException {
    String host = registry.equals(DOCKER_HUB) ? DOCKER_HUB_HOST : registry;
    URI uri = URI.create("http://" + host);
    if (uri.getHost() == null || uri.getPort() > PORT_MAX) {
      throw new ImageException(
          new ImageFailure.InvalidReference(registry, "it names no host and port"));
    }
    boolean loopback = isLoopbackName(uri.getHost());
    return new Endpoint(
        host, loopback || settings.insecureRegistries().contains(registry), loopback);
  }

  private static boolean isLoopbackName(String host) {
    String name = host.toLowerCase(Locale.ROOT);
    return name.equals("localhost")
        || name.equals("[::1]")
        || name.matches("127\\.[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3}");
  }

  URI base() {
    return URI.create((plain ? "http://" : "https://") + host);
  }

  /** Whether a request goes to the registry itself, which may see its credentials. */
  boolean isOwn(URI target) {
    return sameOrigin(base(), target);
  }

  static boolean sameOrigin(URI one, URI other) {
    return String.valueOf(one.getScheme()).equalsIgnoreCase(String.valueOf(other.getScheme()))
        && String.valueOf(one.getHost()).equalsIgnoreCase(String.valueOf(other.getHost()))
        && port(one) == port(other);
  }

  private static int port(URI uri) {
    if (uri.getPort() >= 0) {
      return uri.getPort();
    }
    return "http".equalsIgnoreCase(uri.getScheme()) ? 80 : 443;
  }

  /**
   * Refuses targets where no registry has business. The JVM caches what it resolves for longer than
   * it takes to connect next, so that another answer cannot slip in between.
   */
  void check(URI target) throws ImageException, UnknownHostException {
    String scheme = String.valueOf(target.getScheme()).toLowerCase(Locale.ROOT);
    boolean allowed = scheme.equals("https") || (scheme.equals("http") && plain);
    boolean complete = target.getHost() != null && target.getPort() <= PORT_MAX;
    if (!allowed || !complete || target.getRawUserInfo() != null) {
      throw forbidden(target, "it is no plain https address");
    }
    for (InetAddress address : InetAddress.getAllByName(target.getHost())) {
      if (isLocalOnly(address)) {
        throw forbidden(target, "the address is link-local or of no host");
      }
      if (address.isLoopbackAddress() && !loopback) {
        throw forbidden(target, "the address is loopback, and the registry is elsewhere");
      }
    }
  }

  private static boolean isLocalOnly(InetAddress address) throws UnknownHostException {
    if (address instanceof Inet6Address six) {
      byte[] bytes = six.getAddress();
      boolean translated = Arrays.equals(NAT64_PREFIX, 0, 12, bytes, 0, 12);
      // fd00:ec2::/32 is where AWS has its metadata, time and name services.
      boolean metadata =
          bytes[0] == (byte) 0xfd && bytes[1] == 0 && bytes[2] == 0x0e && bytes[3] == (byte) 0xc2;
      boolean embedded = translated || (six.isIPv4CompatibleAddress() && !six.isLoopbackAddress());
      if (metadata
          || (embedded
              && isLocalOnly(InetAddress.getByAddress(Arrays.copyOfRange(bytes, 12, 16))))) {
        return true;
      }
    }
    return address.isLinkLocalAddress()
        || address.isAnyLocalAddress()
        || address.isMulticastAddress();
  }

  private static ImageException forbidden(URI target, String why) {
    String shown =
        target.getScheme() + "://" + target.getHost(); // Without its query: that may be a secret.
    return new ImageException(new ImageFailure.ForbiddenTarget(shown, why));
  }
}
