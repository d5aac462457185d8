package dev.berth.agent.image;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.berth.model.image.Digest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A registry on loopback that behaves well until told otherwise. */
final class ScriptedRegistry implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<String, byte[]> contents = new ConcurrentHashMap<>();
  private final Map<String, Script> scripts = new ConcurrentHashMap<>();

  /** Method, path, range and authorization of every request. */
  final Queue<Seen> seen = new ConcurrentLinkedQueue<>();

  record Seen(String method, String path, Optional<String> range, Optional<String> authorization) {}

  /** Answers a request itself and returns true, or leaves it to the registry. */
  @FunctionalInterface
  interface Script {
    boolean answer(HttpExchange exchange) throws IOException;
  }

  ScriptedRegistry() throws IOException {
    this("127.0.0.1");
  }

  ScriptedRegistry(String address) throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getByName(address), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  String host() {
    return server.getAddress().getAddress().getHostAddress() + ":" + server.getAddress().getPort();
  }

  ScriptedRegistry with(TestImage image, String repository, String tag) {
    image.blobs.forEach(
        (digest, blob) -> contents.put("/v2/" + repository + "/blobs/" + digest, blob));
    return manifest(repository, tag, image.manifest);
  }

  ScriptedRegistry manifest(String repository, String tag, byte[] manifest) {
    contents.put("/v2/" + repository + "/manifests/" + tag, manifest);
    contents.put("/v2/" + repository + "/manifests/" + Digest.of(manifest), manifest);
    return this;
  }

  /** Replaces what the registry says under a path, whatever its digest is. */
  ScriptedRegistry lie(String path, byte[] content) {
    contents.put(path, content);
    return this;
  }

  /** Runs before the answer to every path that contains the text. */
  ScriptedRegistry script(String pathPart, Script script) {
    scripts.put(pathPart, script);
    return this;
  }

  long count(String method, String pathPart) {
    return seen.stream()
        .filter(s -> s.method().equals(method) && s.path().contains(pathPart))
        .count();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      var headers = exchange.getRequestHeaders();
      seen.add(
          new Seen(
              exchange.getRequestMethod(),
              path,
              Optional.ofNullable(headers.getFirst("Range")),
              Optional.ofNullable(headers.getFirst("Authorization"))));
      for (var script : scripts.entrySet()) {
        if (path.contains(script.getKey()) && script.getValue().answer(exchange)) {
          return;
        }
      }
      answer(exchange, path);
    }
  }

  private void answer(HttpExchange exchange, String path) throws IOException {
    byte[] content = contents.get(path);
    if (content == null) {
      exchange.sendResponseHeaders(404, -1);
      return;
    }
    if (path.contains("/manifests/")) {
      exchange.getResponseHeaders().set("Docker-Content-Digest", Digest.of(content).toString());
    }
    String range = exchange.getRequestHeaders().getFirst("Range");
    int start = range == null ? 0 : Integer.parseInt(range.replaceAll("\\D", ""));
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.sendResponseHeaders(200, -1);
      return;
    }
    exchange.sendResponseHeaders(start == 0 ? 200 : 206, content.length - start);
    exchange.getResponseBody().write(content, start, content.length - start);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
