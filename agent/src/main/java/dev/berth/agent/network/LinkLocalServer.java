package dev.berth.agent.network;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.berth.agent.linux.Namespaces;
import dev.berth.agent.network.LinkLocalService.Answer;
import dev.berth.agent.network.LinkLocalService.Question;
import dev.berth.agent.network.RouterListener.Callers;
import dev.berth.agent.network.rules.VpcRules;
import dev.berth.model.network.IpAddress;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The listener of one VPC at 169.254.170.2: in the router's namespace, so that a task's own port 80
 * stays free.
 */
final class LinkLocalServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LinkLocalServer.class);
  private static final int PORT = 80;
  private static final int BACKLOG = 64;
  private static final int BODY_BYTES_MAX = 8 * 1024;
  private static final int TOO_LARGE = 413;
  private static final int NOT_FOUND = 404;
  private static final int FAILED = 500;

  private final HttpServer server;
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("link-local-", 0).factory());

  private LinkLocalServer(HttpServer server, Callers callers, LinkLocalService service) {
    this.server = server;
    server.setExecutor(threads);
    server.createContext("/", exchange -> answer(exchange, callers, service));
    server.start();
  }

  static LinkLocalServer open(Path namespace, Callers callers, LinkLocalService service)
      throws IOException {
    var address = new InetSocketAddress(VpcRules.METADATA.inet(), PORT);
    // A socket is of the namespace of the thread that opens it, and is served from any other.
    var server = Namespaces.inNetwork(namespace, () -> HttpServer.create(address, BACKLOG));
    return new LinkLocalServer(server, callers, service);
  }

  private static void answer(HttpExchange exchange, Callers callers, LinkLocalService service)
      throws IOException {
    try (exchange) {
      var answer = answerOf(exchange, callers, service);
      var body = answer.body().getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(answer.status(), body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private static Answer answerOf(HttpExchange exchange, Callers callers, LinkLocalService service) {
    try {
      var body = exchange.getRequestBody().readNBytes(BODY_BYTES_MAX + 1);
      if (body.length > BODY_BYTES_MAX) {
        return new Answer(TOO_LARGE, "\"the question is too large\"");
      }
      var question =
          new Question(
              exchange.getRequestMethod(),
              exchange.getRequestURI().getPath(),
              new String(body, StandardCharsets.UTF_8));
      var address = IpAddress.of(exchange.getRemoteAddress().getAddress().getAddress());
      var caller = callers.of(address);
      return caller.isEmpty()
          ? new Answer(NOT_FOUND, "\"no task has the address " + address + "\"")
          : service.answer(caller.get(), question);
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
      return new Answer(FAILED, "\"the question failed\"");
    } catch (IOException | RuntimeException e) {
      LOG.atWarn().setCause(e).log("a task's question is not answered");
      return new Answer(FAILED, "\"the question failed\"");
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
