package dev.berth.api.ec2;

import dev.berth.api.gateway.ServiceBinding;
import dev.berth.control.command.vpc.AddressCommands;
import dev.berth.control.command.vpc.GatewayCommands;
import dev.berth.control.command.vpc.Networks;
import dev.berth.control.command.vpc.PrefixListCommands;
import dev.berth.control.command.vpc.ResourceTagCommands;
import dev.berth.control.command.vpc.RouteCommands;
import dev.berth.control.command.vpc.RouteTableCommands;
import dev.berth.control.command.vpc.SecurityGroupCommands;
import dev.berth.control.command.vpc.SubnetCommands;
import dev.berth.control.command.vpc.VpcCommands;
import dev.berth.control.command.vpc.VpcEndpointCommands;
import dev.berth.control.query.NetworkQueries;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** All of EC2 that Berth has. */
public final class Ec2Services {
  private Ec2Services() {}

  /**
   * EC2, ready to be served.
   *
   * @param others what is served beside it: all of them can have endpoints in VPCs
   * @param tellHosts called when something has changed
   */
  public static ServiceBinding binding(
      Networks networks, NetworkQueries queries, List<ServiceBinding> others, Runnable tellHosts) {
    Set<String> services =
        Stream.concat(Stream.of("ec2"), others.stream().map(ServiceBinding::signingName))
            .collect(Collectors.toUnmodifiableSet());
    var addresses = new AddressCommands(networks);
    return Ec2Operations.binding(
        tellHosts,
        new VpcOperations(queries),
        new VpcChanges(new VpcCommands(networks), queries),
        new VpcPartOperations(queries),
        new SubnetOperations(queries),
        new SubnetChanges(new SubnetCommands(networks), queries),
        new GatewayOperations(queries),
        new GatewayChanges(new GatewayCommands(networks), queries),
        new RouteTableOperations(queries),
        new RouteTableChanges(
            new RouteTableCommands(networks), new RouteCommands(networks), queries),
        new SecurityGroupOperations(queries),
        new SecurityGroupRuleOperations(new SecurityGroupCommands(networks), queries),
        new InterfaceOperations(queries),
        new InterfaceChanges(addresses, queries),
        new AddressOperations(addresses, queries),
        new NatGatewayOperations(addresses, queries),
        new VpcEndpointOperations(queries),
        new VpcEndpointChanges(new VpcEndpointCommands(networks, services), queries),
        new VpcEndpointServiceOperations(services, queries),
        new PrefixListOperations(new PrefixListCommands(networks), queries),
        new ResourceTagOperations(new ResourceTagCommands(networks), queries),
        new ZoneOperations(queries));
  }
}
