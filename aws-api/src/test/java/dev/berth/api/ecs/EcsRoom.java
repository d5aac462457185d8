package dev.berth.api.ecs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.berth.api.gateway.TestGateway;
import dev.berth.control.command.ClusterCommands;
import dev.berth.control.command.SettingCommands;
import dev.berth.control.command.TagCommands;
import dev.berth.control.command.TaskDefinitionCommands;
import dev.berth.control.query.ClusterQueries;
import dev.berth.control.query.SettingQueries;
import dev.berth.control.query.TaskDefinitionQueries;
import dev.berth.control.query.TaskQueries;
import dev.berth.control.state.Ledger;
import dev.berth.store.memory.MemoryStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import software.amazon.awssdk.services.ecs.EcsClient;

/** ECS over an empty ledger, behind a gateway, with the real clients to talk to it. */
final class EcsRoom implements AutoCloseable {
  static final String ARN = "arn:aws:ecs:" + TestGateway.REGION + ":123456789012:";

  final Ledger ledger = Ledger.open(new MemoryStore(), "test");
  final TestGateway gateway;
  final EcsClient client;

  EcsRoom() {
    var settings = new SettingQueries(ledger);
    gateway =
        new TestGateway(
            EcsOperations.binding(
                new ClusterOperations(
                    new ClusterCommands(ledger), new ClusterQueries(ledger), settings),
                new CapacityProviderOperations(),
                new TaskDefinitionOperations(
                    new TaskDefinitionCommands(ledger), new TaskDefinitionQueries(ledger)),
                new ProtectionOperations(new TaskQueries(ledger)),
                new TagOperations(new TagCommands(ledger)),
                new SettingOperations(new SettingCommands(ledger), settings)));
    client = gateway.ecs();
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
    client.close();
    gateway.close();
  }
}
