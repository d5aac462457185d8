package dev.berth.control.command.vpc;

import dev.berth.control.state.NetworkKind;
import dev.berth.control.state.State;
import dev.berth.model.identity.Realm;
import dev.berth.model.network.EgressOnlyGateway;
import dev.berth.model.network.InternetGateway;
import dev.berth.model.network.Vpc;
import dev.berth.model.network.VpcId;
import java.util.Map;
import java.util.Optional;

/** Internet gateways and egress-only ones. */
public final class GatewayCommands {
  private final Networks networks;

  public GatewayCommands(Networks networks) {
    this.networks = networks;
  }

  /** Makes a gateway that is attached to nothing. */
  public InternetGateway create(Realm realm, Map<String, String> tags) throws NetworkRefused {
    return networks.decide(
        realm,
        draft -> {
          var gateway =
              new InternetGateway(networks.ids().internetGateway(), realm, Optional.empty());
          draft.put(NetworkKind.INTERNET_GATEWAY, gateway);
          Networks.tag(draft, realm, gateway.id().value(), tags);
          return gateway;
        });
  }

  /** Attaches a gateway; a VPC has one at most. */
  public void attach(Realm realm, String id, String vpcId) throws NetworkRefused {
    networks.decide(
        realm,
        draft -> {
          var lookup = new Lookup(draft.state(), realm);
          InternetGateway gateway = lookup.internetGateway(id);
          Vpc vpc = lookup.vpc(vpcId);
          if (gateway.vpc().isPresent()) {
            throw new NetworkRefused(
                NetworkError.RESOURCE_ALREADY_ASSOCIATED,
                "resource %s is already attached to network %s".formatted(id, gateway.vpc().get()));
          }
          boolean hasOne =
              draft.state().all(NetworkKind.INTERNET_GATEWAY).stream()
                  .anyMatch(other -> other.vpc().equals(Optional.of(vpc.id())));
          if (hasOne) {
            throw new NetworkRefused(
                NetworkError.INVALID_PARAMETER_VALUE,
                "Network %s already has an internet gateway attached".formatted(vpcId));
          }
          var attached = new InternetGateway(gateway.id(), realm, Optional.of(vpc.id()));
          draft.put(NetworkKind.INTERNET_GATEWAY, attached);
          return attached;
        });
  }

  /** Detaches a gateway from a VPC in which nothing has a public address. */
  public void detach(Realm realm, String id, String vpcId) throws NetworkRefused {
    networks.decide(
        realm,
        draft -> {
          var lookup = new Lookup(draft.state(), realm);
          InternetGateway gateway = lookup.internetGateway(id);
          Vpc vpc = lookup.vpc(vpcId);
          if (!gateway.vpc().equals(Optional.of(vpc.id()))) {
            throw new NetworkRefused(
                NetworkError.GATEWAY_NOT_ATTACHED,
                "resource %s is not attached to network %s".formatted(id, vpcId));
          }
          if (hasPublicAddress(draft.state(), vpc.id())) {
            throw new NetworkRefused(
                NetworkError.DEPENDENCY_VIOLATION,
                "Network %s has some mapped public address(es). Please unmap those public address(es) before detaching the gateway."
                    .formatted(vpcId));
          }
          var detached = new InternetGateway(gateway.id(), realm, Optional.empty());
          draft.put(NetworkKind.INTERNET_GATEWAY, detached);
          return detached;
        });
  }

  private static boolean hasPublicAddress(State state, VpcId vpc) {
    return state.networks().in(vpc).interfaces().values().stream()
        .anyMatch(held -> held.eni().publicAddress().isPresent());
  }

  /** Removes a gateway that is attached to nothing. */
  public void delete(Realm realm, String id) throws NetworkRefused {
    networks.decide(
        realm,
        draft -> {
          InternetGateway gateway = new Lookup(draft.state(), realm).internetGateway(id);
          if (gateway.vpc().isPresent()) {
            throw new NetworkRefused(
                NetworkError.DEPENDENCY_VIOLATION,
                "The internetGateway '%s' has dependencies and cannot be deleted.".formatted(id));
          }
          draft.remove(NetworkKind.INTERNET_GATEWAY, gateway.id());
          Networks.untag(draft, id);
          return gateway;
        });
  }

  /** Makes a way out for IPv6. */
  public EgressOnlyGateway createEgressOnly(
      Realm realm, String vpcId, Map<String, String> tags, Once once) throws NetworkRefused {
    return networks.decide(
        realm,
        draft -> {
          Optional<String> before = once.madeBefore(draft, realm);
          if (before.isPresent()) {
            return new Lookup(draft.state(), realm).egressOnlyGateway(before.get());
          }
          Vpc vpc = new Lookup(draft.state(), realm).vpc(vpcId);
          var gateway = new EgressOnlyGateway(networks.ids().egressOnlyGateway(), realm, vpc.id());
          draft.put(NetworkKind.EGRESS_ONLY_GATEWAY, gateway);
          Networks.tag(draft, realm, gateway.id().value(), tags);
          once.made(draft, realm, gateway.id().value(), networks.now());
          return gateway;
        });
  }

  /** Removes a way out for IPv6; routes to it become black holes. */
  public void deleteEgressOnly(Realm realm, String id) throws NetworkRefused {
    networks.decide(
        realm,
        draft -> {
          EgressOnlyGateway gateway = new Lookup(draft.state(), realm).egressOnlyGateway(id);
          draft.remove(NetworkKind.EGRESS_ONLY_GATEWAY, gateway.id());
          Networks.untag(draft, id);
          return gateway;
        });
  }
}
