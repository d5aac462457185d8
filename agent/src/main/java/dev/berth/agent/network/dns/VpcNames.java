package dev.berth.agent.network.dns;

import dev.berth.model.identity.Region;
import dev.berth.model.network.IpAddress;
import dev.berth.model.network.VpcPlan;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.xbill.DNS.ReverseMap;

/**
 * The names that a VPC's own name server knows: one of each address in its ranges, and those of the
 * plan. Pure.
 */
public final class VpcNames {
  private static final Pattern ADDRESS_NAME =
      Pattern.compile("ip-(\\d{1,3})-(\\d{1,3})-(\\d{1,3})-(\\d{1,3})");

  private final VpcPlan plan;
  private final String domain;
  private final Map<String, List<IpAddress>> names = new HashMap<>();

  public VpcNames(VpcPlan plan) {
    this.plan = plan;
    this.domain = domain(plan.realm().region());
    plan.names().forEach(name -> names.put(lower(name.name()), name.addresses()));
  }

  /** Of private names. In the oldest region it has another form. Fact: AWS's documentation. */
  public static String domain(Region region) {
    return region.value().equals("us-east-1")
        ? "ec2.internal"
        : region.value() + ".compute.internal";
  }

  /**
   * The addresses of a name.
   *
   * @param name absolute, without the last dot
   * @return nothing where the VPC does not know the name; empty where it has no address
   */
  Optional<List<IpAddress>> addresses(String name) {
    var lower = lower(name);
    var known = names.get(lower);
    if (known != null) {
      return Optional.of(known);
    }
    if (!lower.endsWith("." + domain)) {
      return Optional.empty();
    }
    var matcher = ADDRESS_NAME.matcher(lower.substring(0, lower.length() - domain.length() - 1));
    if (!matcher.matches()) {
      return Optional.empty();
    }
    for (int i = 1; i <= 4; i++) {
      if (Integer.parseInt(matcher.group(i)) > 255) {
        return Optional.empty();
      }
    }
    var address =
        new IpAddress(
            matcher.group(1)
                + "."
                + matcher.group(2)
                + "."
                + matcher.group(3)
                + "."
                + matcher.group(4));
    return isOwn(address) ? Optional.of(List.of(address)) : Optional.empty();
  }

  /** Whether nobody else is to be asked for a name: it is below the VPC's own domain. */
  boolean isBelowDomain(String name) {
    return lower(name).endsWith("." + domain);
  }

  /** The name of an address that is asked for in the form {@code 4.0.29.172.in-addr.arpa}. */
  Optional<String> nameOf(String reverse) {
    try {
      var address = IpAddress.of(ReverseMap.fromName(reverse + ".").getAddress());
      return address.isIpv4() && isOwn(address)
          ? Optional.of("ip-" + address.value().replace('.', '-') + "." + domain)
          : Optional.empty();
    } catch (java.net.UnknownHostException | org.xbill.DNS.TextParseException noAddress) {
      return Optional.empty();
    }
  }

  private boolean isOwn(IpAddress address) {
    return plan.cidrs().stream().anyMatch(cidr -> cidr.contains(address));
  }

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
