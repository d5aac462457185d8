package dev.berth.app;

import dev.berth.link.grpc.LinkClient;
import dev.berth.link.grpc.LinkClientSettings;
import dev.berth.model.image.Platform;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** An agent in a process of its own, over the same link that the server's own agent uses. */
@Command(
    name = "agent",
    mixinStandardHelpOptions = true,
    description = "Runs tasks for a server that is another process.")
final class AgentCommand implements Callable<Integer> {
  @Option(
      names = "--data",
      required = true,
      paramLabel = "DIR",
      description = "where this agent keeps everything; no other agent's")
  Path data = Path.of("");

  @Option(
      names = "--link-port",
      required = true,
      description = "the server's --link-port on 127.0.0.1")
  int linkPort;

  @Option(
      names = "--api-port",
      defaultValue = "0",
      description =
          "the server's --task-api-port on 127.0.0.1; without it tasks here do not reach the API")
  int apiPort;

  @Option(
      names = "--token-file",
      required = true,
      paramLabel = "FILE",
      description = "the file link-token in the server's data folder")
  Path tokenFile = Path.of("");

  @Option(
      names = "--load-image",
      paramLabel = "FILE",
      description = "an image archive to load into this agent's store at the start")
  List<Path> archives = List.of();

  @Mixin HostOptions host = new HostOptions();

  private Optional<InetSocketAddress> api() {
    return apiPort == 0
        ? Optional.empty()
        : Optional.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), apiPort));
  }

  @Override
  public Integer call() throws Exception {
    String token = Files.readString(tokenFile).strip();
    var local = LocalHost.open(data, host, api());
    for (Path archive : archives) {
      local.images().load(archive, Optional.empty(), Platform.LINUX_AMD64);
    }
    LinkClient.tcp(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), linkPort),
        new LinkClientSettings(token),
        local.agent(),
        new SecureRandom());
    new CountDownLatch(1).await(); // Until it is killed: there is no other end.
    return 0;
  }
}
