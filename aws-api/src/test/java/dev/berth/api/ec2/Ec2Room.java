package dev.berth.api.ec2;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.berth.api.ecs.EcsOperations;
import dev.berth.api.ecs.TaskDefinitionOperations;
import dev.berth.api.ecs.TaskOperations;
import dev.berth.api.gateway.TestGateway;
import dev.berth.control.command.TaskCommands;
import dev.berth.control.command.TaskDefinitionCommands;
import dev.berth.control.command.vpc.Networks;
import dev.berth.control.hosts.HostDirectory;
import dev.berth.control.network.InterfaceAllocator;
import dev.berth.control.network.NetworkIds;
import dev.berth.control.network.StandardNetwork;
import dev.berth.control.query.NetworkQueries;
import dev.berth.control.query.TaskDefinitionQueries;
import dev.berth.control.query.TaskQueries;
import dev.berth.control.state.Ledger;
import dev.berth.model.network.Cidr;
import dev.berth.store.memory.MemoryStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ecs.EcsClient;

/** EC2's networks and ECS's tasks over an empty ledger, with the real clients to talk to them. */
final class Ec2Room implements AutoCloseable {
  final TestGateway gateway;
  final Ec2Client ec2;
  final EcsClient ecs;

  Ec2Room() {
    var ledger = Ledger.open(new MemoryStore(), "test");
    var clock = InstantSource.system();
    var random = new Random(1);
    Cidr pool = InterfaceAllocator.PUBLIC_POOL_STANDARD;
    var interfaces = new InterfaceAllocator(new NetworkIds(random), pool);
    var queries = new NetworkQueries(ledger, new StandardNetwork(interfaces.ids()), clock);
    var hosts = new HostDirectory(ledger, clock, () -> {});
    var tasks = new TaskCommands(ledger, clock, random, TaskCommands.NoCapacity.WAIT);
    var ecsBinding =
        EcsOperations.binding(
            new TaskDefinitionOperations(
                new TaskDefinitionCommands(ledger), new TaskDefinitionQueries(ledger)),
            new TaskOperations(tasks, new TaskQueries(ledger), hosts, clock));
    gateway =
        new TestGateway(
            List.of(
                Ec2Services.binding(
                    new Networks(ledger, interfaces, clock),
                    queries,
                    List.of(ecsBinding),
                    hosts::tellNetworks),
                ecsBinding));
    ec2 = gateway.ec2();
    ecs = gateway.ecs();
  }

  /** What the AWS CLI says, errors included. */
  String cli(String... arguments) throws IOException, InterruptedException {
    assumeTrue(isOnPath(), "the AWS CLI is not installed");
    Process process = gateway.cli(arguments).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    process.waitFor();
    return output;
  }

  private static boolean isOnPath() {
    return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(":"))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, "aws")));
  }

  @Override
  public void close() {
    ec2.close();
    ecs.close();
    gateway.close();
  }
}
