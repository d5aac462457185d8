package dev.berth.app;

import dev.berth.api.ec2.Ec2Services;
import dev.berth.api.ecs.CapacityProviderOperations;
import dev.berth.api.ecs.ClusterOperations;
import dev.berth.api.ecs.EcsOperations;
import dev.berth.api.ecs.ProtectionOperations;
import dev.berth.api.ecs.SettingOperations;
import dev.berth.api.ecs.TagOperations;
import dev.berth.api.ecs.TaskDefinitionOperations;
import dev.berth.api.ecs.TaskOperations;
import dev.berth.api.gateway.ServiceBinding;
import dev.berth.api.logs.LogsOperations;
import dev.berth.api.secretsmanager.SecretOperations;
import dev.berth.api.ssm.ParameterOperations;
import dev.berth.api.sts.StsOperations;
import dev.berth.control.command.ClusterCommands;
import dev.berth.control.command.SettingCommands;
import dev.berth.control.command.TagCommands;
import dev.berth.control.command.TaskDefinitionCommands;
import dev.berth.control.command.vpc.Networks;
import dev.berth.control.network.StandardNetwork;
import dev.berth.control.query.ClusterQueries;
import dev.berth.control.query.NetworkQueries;
import dev.berth.control.query.SettingQueries;
import dev.berth.control.query.TaskDefinitionQueries;
import dev.berth.control.query.TaskQueries;
import dev.berth.control.secret.ParameterCommands;
import dev.berth.control.secret.SecretCommands;
import dev.berth.control.state.Ledger;
import dev.berth.logs.LogStore;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/**
 * AWS's services over the control plane, ready for any gateway.
 *
 * @param networks what all that shows networks asks
 */
record Services(List<ServiceBinding> aws, NetworkQueries networks) {
  static Services of(ControlPlane control, LogStore logs) {
    var networks =
        new NetworkQueries(
            control.ledger(),
            new StandardNetwork(control.interfaces().ids()),
            InstantSource.system());
    var services =
        new ArrayList<>(
            List.of(
                StsOperations.binding(),
                ecs(control),
                LogsOperations.binding(logs),
                secrets(control),
                parameters(control)));
    services.add(ec2(control, networks, List.copyOf(services)));
    return new Services(List.copyOf(services), networks);
  }

  private static ServiceBinding ecs(ControlPlane control) {
    Ledger ledger = control.ledger();
    var settings = new SettingQueries(ledger);
    return EcsOperations.binding(
        new ClusterOperations(new ClusterCommands(ledger), new ClusterQueries(ledger), settings),
        new CapacityProviderOperations(),
        new TaskDefinitionOperations(
            new TaskDefinitionCommands(ledger), new TaskDefinitionQueries(ledger)),
        new TaskOperations(
            control.tasks(), new TaskQueries(ledger), control.hosts(), InstantSource.system()),
        new ProtectionOperations(new TaskQueries(ledger)),
        new TagOperations(new TagCommands(ledger)),
        new SettingOperations(new SettingCommands(ledger), settings));
  }

  private static ServiceBinding secrets(ControlPlane control) {
    var commands = new SecretCommands(control.ledger(), control.secrets(), new SecureRandom());
    return new SecretOperations(control.ledger(), control.secrets(), commands).binding();
  }

  private static ServiceBinding parameters(ControlPlane control) {
    var commands = new ParameterCommands(control.ledger(), control.parameters());
    return new ParameterOperations(control.ledger(), control.parameters(), commands).binding();
  }

  /**
   * EC2, in whose VPCs all services can have endpoints.
   *
   * @param others all but EC2
   */
  private static ServiceBinding ec2(
      ControlPlane control, NetworkQueries queries, List<ServiceBinding> others) {
    return Ec2Services.binding(
        new Networks(control.ledger(), control.interfaces(), InstantSource.system()),
        queries,
        others,
        control.hosts()::tellNetworks);
  }
}
