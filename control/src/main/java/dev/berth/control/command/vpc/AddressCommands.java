package dev.berth.control.command.vpc;

import dev.berth.control.state.Draft;
import dev.berth.control.state.HeldInterface;
import dev.berth.control.state.NetworkKind;
import dev.berth.model.identity.Realm;
import dev.berth.model.network.ElasticAddress;
import dev.berth.model.network.EniId;
import dev.berth.model.network.EniSpec;
import dev.berth.model.network.IpAddress;
import dev.berth.model.network.NatGateway;
import dev.berth.model.network.NetworkInterface;
import dev.berth.model.network.SecurityGroup;
import dev.berth.model.network.SecurityGroupId;
import dev.berth.model.network.Subnet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What holds addresses beside tasks: elastic addresses, NAT gateways, interfaces by themselves. */
public final class AddressCommands {
  private final Networks networks;

  public AddressCommands(Networks networks) {
    this.networks = networks;
  }

  /** Keeps a public address for an account. */
  public ElasticAddress allocate(Realm realm, Map<String, String> tags) throws NetworkRefused {
    return networks.decide(
        realm,
        draft -> {
          IpAddress address =
              networks
                  .interfaces()
                  .publicAddress(draft.state())
                  .orElseThrow(
                      () ->
                          new NetworkRefused(
                              NetworkError.ADDRESS_LIMIT,
                              "The maximum number of addresses has been reached."));
          var elastic =
              new ElasticAddress(networks.ids().allocation(), realm, address, Optional.empty());
          draft.put(NetworkKind.ELASTIC_ADDRESS, elastic);
          Networks.tag(draft, realm, elastic.id().value(), tags);
          return elastic;
        });
  }

  /** Lets a public address go that nothing uses. */
  public void release(Realm realm, String id) throws NetworkRefused {
    networks.decide(
        realm,
        draft -> {
          ElasticAddress address = new Lookup(draft.state(), realm).address(id);
          if (address.use().isPresent()) {
            throw new NetworkRefused(
                NetworkError.INVALID_ADDRESS_IN_USE,
                "Address %s is in use.".formatted(address.address()));
          }
          draft.remove(NetworkKind.ELASTIC_ADDRESS, address.id());
          Networks.untag(draft, id);
          return address;
        });
  }

  /** Makes a public NAT gateway in a subnet, which stands behind an elastic address. */
  public NatGateway createNatGateway(
      Realm realm, String subnetId, String allocationId, Map<String, String> tags, Once once)
      throws NetworkRefused {
    return networks.decide(
        realm,
        draft -> {
          var lookup = new Lookup(draft.state(), realm);
          Optional<String> before = once.madeBefore(draft, realm);
          if (before.isPresent()) {
            return lookup.natGateway(before.get());
          }
          Subnet subnet = lookup.subnet(subnetId);
          ElasticAddress address = lookup.address(allocationId);
          if (address.use().isPresent()) {
            throw new NetworkRefused(
                NetworkError.RESOURCE_ALREADY_ASSOCIATED,
                "Elastic IP address [%s] is already associated".formatted(allocationId));
          }
          EniSpec eni =
              networks
                  .interfaces()
                  .with(
                      draft.state(),
                      subnet,
                      List.of(),
                      free(draft, subnet, Optional.empty()),
                      Optional.of(address.address()));
          var gateway =
              new NatGateway(
                  networks.ids().natGateway(),
                  realm,
                  eni,
                  Optional.of(address.id()),
                  networks.now(),
                  Optional.empty());
          draft.put(NetworkKind.NAT_GATEWAY, gateway);
          var use =
              new ElasticAddress.Use(
                  networks.ids().addressAssociation(), eni.id(), eni.privateAddress());
          draft.put(NetworkKind.ELASTIC_ADDRESS, address.withUse(Optional.of(use)));
          Networks.tag(draft, realm, gateway.id().value(), tags);
          once.made(draft, realm, gateway.id().value(), networks.now());
          return gateway;
        });
  }

  /** Ends a NAT gateway: its addresses are free, and routes to it become black holes. */
  public void deleteNatGateway(Realm realm, String id) throws NetworkRefused {
    networks.decide(
        realm,
        draft -> {
          NatGateway gateway = new Lookup(draft.state(), realm).natGateway(id);
          draft.put(NetworkKind.NAT_GATEWAY, gateway.deleted(networks.now()));
          Networks.untag(draft, id);
          gateway
              .allocation()
              .flatMap(it -> draft.find(NetworkKind.ELASTIC_ADDRESS, it))
              .ifPresent(
                  it -> draft.put(NetworkKind.ELASTIC_ADDRESS, it.withUse(Optional.empty())));
          return gateway;
        });
  }

  /**
   * What an interface by itself should be.
   *
   * @param groups ids; the VPC's default group when there are none
   * @param address any free one when absent
   */
  public record InterfaceWish(
      String subnet,
      List<String> groups,
      Optional<String> address,
      String description,
      Map<String, String> tags) {
    public InterfaceWish {
      groups = List.copyOf(groups);
      tags = Map.copyOf(tags);
    }
  }

  /** Makes an interface that holds an address and carries nothing. */
  public NetworkInterface createInterface(Realm realm, InterfaceWish wish, Once once)
      throws NetworkRefused {
    return networks.decide(
        realm,
        draft -> {
          Optional<NetworkInterface> before =
              once.madeBefore(draft, realm)
                  .flatMap(it -> draft.find(NetworkKind.NETWORK_INTERFACE, new EniId(it)));
          if (before.isPresent()) {
            return before.get();
          }
          Subnet subnet = new Lookup(draft.state(), realm).subnet(wish.subnet());
          EniSpec eni =
              networks
                  .interfaces()
                  .with(
                      draft.state(),
                      subnet,
                      groups(draft, subnet, wish.groups()),
                      free(draft, subnet, wish.address()),
                      Optional.empty());
          var made = new NetworkInterface(eni, realm, wish.description(), true, networks.now());
          draft.put(NetworkKind.NETWORK_INTERFACE, made);
          Networks.tag(draft, realm, made.id().value(), wish.tags());
          once.made(draft, realm, made.id().value(), networks.now());
          return made;
        });
  }

  private static List<SecurityGroupId> groups(Draft draft, Subnet subnet, List<String> ids)
      throws NetworkRefused {
    var groups = new ArrayList<SecurityGroupId>();
    for (String id : ids) {
      SecurityGroup group = new Lookup(draft.state(), subnet.realm()).group(id);
      if (!group.vpc().equals(subnet.vpc())) {
        throw new NetworkRefused(
            NetworkError.INVALID_PARAMETER_VALUE,
            "You have specified two resources that belong to different networks.");
      }
      groups.add(group.id());
    }
    if (groups.isEmpty()) {
      draft.state().all(NetworkKind.SECURITY_GROUP).stream()
          .filter(it -> it.vpc().equals(subnet.vpc()) && it.isDefault())
          .forEach(it -> groups.add(it.id()));
    }
    return List.copyOf(groups);
  }

  private IpAddress free(Draft draft, Subnet subnet, Optional<String> wanted)
      throws NetworkRefused {
    if (wanted.isEmpty()) {
      return networks
          .interfaces()
          .privateAddress(draft.state(), subnet)
          .orElseThrow(
              () ->
                  new NetworkRefused(
                      NetworkError.INSUFFICIENT_FREE_ADDRESSES,
                      "There are not enough free addresses in subnet '%s' to satisfy the requested number of instances."
                          .formatted(subnet.id())));
    }
    IpAddress address;
    try {
      address = new IpAddress(wanted.get());
    } catch (IllegalArgumentException e) {
      throw new NetworkRefused(
          NetworkError.INVALID_PARAMETER_VALUE,
          "Value (%s) for parameter privateIpAddress is invalid.".formatted(wanted.get()));
    }
    if (!networks.interfaces().mayBeGiven(subnet, address)) {
      throw new NetworkRefused(
          NetworkError.INVALID_PARAMETER_VALUE,
          "Address %s does not fall within the subnet's address range".formatted(address));
    }
    if (draft.state().networks().taken(subnet.id()).contains(address)) {
      throw new NetworkRefused(
          NetworkError.INVALID_ADDRESS_IN_USE, "Address %s is in use.".formatted(address));
    }
    return address;
  }

  /** Removes an interface by itself; one of a task or a gateway goes with that alone. */
  public void deleteInterface(Realm realm, String id) throws NetworkRefused {
    networks.decide(
        realm,
        draft -> {
          HeldInterface held =
              (EniId.isForm(id)
                      ? draft.state().networks().find(new EniId(id))
                      : Optional.<HeldInterface>empty())
                  .filter(it -> it.realm().equals(realm))
                  .orElseThrow(
                      () ->
                          new NetworkRefused(
                              NetworkError.INTERFACE_NOT_FOUND,
                              "The networkInterface ID '%s' does not exist".formatted(id)));
          if (!(held.owner() instanceof HeldInterface.Owner.OfAccount)) {
            throw new NetworkRefused(
                NetworkError.INTERFACE_IN_USE,
                "Network interface '%s' is currently in use.".formatted(id));
          }
          draft.remove(NetworkKind.NETWORK_INTERFACE, held.eni().id());
          Networks.untag(draft, id);
          return held;
        });
  }
}
