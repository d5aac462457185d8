package dev.berth.control.command.vpc;

import dev.berth.control.state.Kind;
import dev.berth.control.state.NetworkKind;
import dev.berth.control.state.State;
import dev.berth.model.identity.Realm;
import dev.berth.model.network.AllocationId;
import dev.berth.model.network.Cidr;
import dev.berth.model.network.EgressOnlyGateway;
import dev.berth.model.network.EgressOnlyGatewayId;
import dev.berth.model.network.ElasticAddress;
import dev.berth.model.network.InternetGateway;
import dev.berth.model.network.InternetGatewayId;
import dev.berth.model.network.NatGateway;
import dev.berth.model.network.NatGatewayId;
import dev.berth.model.network.PrefixList;
import dev.berth.model.network.PrefixListId;
import dev.berth.model.network.RealmResource;
import dev.berth.model.network.RouteTable;
import dev.berth.model.network.RouteTableId;
import dev.berth.model.network.SecurityGroup;
import dev.berth.model.network.SecurityGroupId;
import dev.berth.model.network.Subnet;
import dev.berth.model.network.SubnetId;
import dev.berth.model.network.Vpc;
import dev.berth.model.network.VpcEndpoint;
import dev.berth.model.network.VpcEndpointId;
import dev.berth.model.network.VpcId;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * A realm's resources by the ids that a client sent; each refuses in EC2's words what is not there.
 */
record Lookup(State state, Realm realm) {

  Vpc vpc(String id) throws NetworkRefused {
    return find(NetworkKind.VPC, id, VpcId::isForm, VpcId::new)
        .orElseThrow(() -> missing(NetworkError.VPC_NOT_FOUND, "vpc ID", id));
  }

  Subnet subnet(String id) throws NetworkRefused {
    return find(NetworkKind.SUBNET, id, SubnetId::isForm, SubnetId::new)
        .orElseThrow(() -> missing(NetworkError.SUBNET_NOT_FOUND, "subnet ID", id));
  }

  SecurityGroup group(String id) throws NetworkRefused {
    return find(NetworkKind.SECURITY_GROUP, id, SecurityGroupId::isForm, SecurityGroupId::new)
        .orElseThrow(() -> missing(NetworkError.GROUP_NOT_FOUND, "security group", id));
  }

  InternetGateway internetGateway(String id) throws NetworkRefused {
    return find(NetworkKind.INTERNET_GATEWAY, id, InternetGatewayId::isForm, InternetGatewayId::new)
        .orElseThrow(
            () -> missing(NetworkError.INTERNET_GATEWAY_NOT_FOUND, "internetGateway ID", id));
  }

  EgressOnlyGateway egressOnlyGateway(String id) throws NetworkRefused {
    return find(
            NetworkKind.EGRESS_ONLY_GATEWAY,
            id,
            EgressOnlyGatewayId::isForm,
            EgressOnlyGatewayId::new)
        .orElseThrow(
            () ->
                missing(
                    NetworkError.EGRESS_ONLY_GATEWAY_NOT_FOUND,
                    "egressOnlyInternetGateway ID",
                    id));
  }

  RouteTable routeTable(String id) throws NetworkRefused {
    return find(NetworkKind.ROUTE_TABLE, id, RouteTableId::isForm, RouteTableId::new)
        .orElseThrow(() -> missing(NetworkError.ROUTE_TABLE_NOT_FOUND, "routeTable ID", id));
  }

  NatGateway natGateway(String id) throws NetworkRefused {
    return find(NetworkKind.NAT_GATEWAY, id, NatGatewayId::isForm, NatGatewayId::new)
        .filter(gateway -> gateway.deletedAt().isEmpty())
        .orElseThrow(
            () ->
                new NetworkRefused(
                    NetworkError.NAT_GATEWAY_NOT_FOUND, "NAT gateway " + id + " was not found"));
  }

  VpcEndpoint vpcEndpoint(String id) throws NetworkRefused {
    return find(NetworkKind.VPC_ENDPOINT, id, VpcEndpointId::isForm, VpcEndpointId::new)
        .orElseThrow(
            () ->
                new NetworkRefused(
                    NetworkError.VPC_ENDPOINT_NOT_FOUND,
                    "The Vpc Endpoint Id '%s' does not exist".formatted(id)));
  }

  ElasticAddress address(String id) throws NetworkRefused {
    return find(NetworkKind.ELASTIC_ADDRESS, id, AllocationId::isForm, AllocationId::new)
        .orElseThrow(() -> missing(NetworkError.ALLOCATION_NOT_FOUND, "allocation ID", id));
  }

  PrefixList prefixList(String id) throws NetworkRefused {
    return find(NetworkKind.PREFIX_LIST, id, PrefixListId::isForm, PrefixListId::new)
        .orElseThrow(() -> missing(NetworkError.PREFIX_LIST_NOT_FOUND, "prefix list ID", id));
  }

  private <K, R extends Record & RealmResource> Optional<R> find(
      Kind<K, R> kind, String id, Predicate<String> isForm, Function<String, K> parse) {
    return isForm.test(id)
        ? state.find(kind, parse.apply(id)).filter(each -> each.realm().equals(realm))
        : Optional.empty();
  }

  private static NetworkRefused missing(NetworkError error, String noun, String id) {
    return new NetworkRefused(error, "The %s '%s' does not exist".formatted(noun, id));
  }

  /**
   * A range as a client writes it; bits behind the prefix are dropped, as AWS does.
   *
   * @param parameter EC2's name of the parameter
   */
  static Cidr cidr(String text, String parameter) throws NetworkRefused {
    try {
      int slash = text.indexOf('/');
      byte[] address = InetAddress.ofLiteral(text.substring(0, Math.max(slash, 0))).getAddress();
      int prefix = Integer.parseInt(text.substring(slash + 1));
      for (int bit = Math.max(prefix, 0); bit < address.length * Byte.SIZE; bit++) {
        address[bit / Byte.SIZE] &= (byte) ~(0x80 >>> (bit % Byte.SIZE));
      }
      return Cidr.parse(InetAddress.getByAddress(address).getHostAddress() + "/" + prefix);
    } catch (IllegalArgumentException | UnknownHostException e) {
      throw new NetworkRefused(
          NetworkError.INVALID_PARAMETER_VALUE,
          "Value (%s) for parameter %s is invalid. This is not a valid CIDR block."
              .formatted(text, parameter));
    }
  }
}
