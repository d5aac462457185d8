package dev.berth.agent.image.registry;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One request and its answer, without redirects, retries or authentication.
 *
 * <p>HttpURLConnection, because its reads block with a timeout on each: java.net.http bounds the
 * wait for an answer's head only, and a body that stalls would hold a pull for ever.
 */
final class HttpExchange {
  private final HttpURLConnection connection;

  private HttpExchange(HttpURLConnection connection) {
    this.connection = connection;
  }

  static HttpExchange send(
      String method, URI target, Map<String, String> headers, RegistrySettings settings)
      throws IOException {
    var connection = (HttpURLConnection) target.toURL().openConnection();
    connection.setRequestMethod(method);
    connection.setInstanceFollowRedirects(false);
    connection.setUseCaches(false);
    connection.setConnectTimeout((int) settings.connectTimeout().toMillis());
    connection.setReadTimeout((int) settings.stallTimeout().toMillis());
    connection.setRequestProperty("User-Agent", "berth");
    headers.forEach(connection::setRequestProperty);
    try {
      connection.getResponseCode();
    } catch (IOException e) {
      connection.disconnect();
      throw e;
    }
    return new HttpExchange(connection);
  }

  int status() throws IOException {
    return connection.getResponseCode();
  }

  Optional<String> header(String name) {
    return Optional.ofNullable(connection.getHeaderField(name));
  }

  List<String> headers(String name) {
    return connection.getHeaderFields().entrySet().stream()
        .filter(entry -> name.equalsIgnoreCase(entry.getKey()))
        .flatMap(entry -> entry.getValue().stream())
        .toList();
  }

  /** The answer's length as it says itself; negative if it does not. */
  long bodyBytes() {
    return connection.getContentLengthLong();
  }

  /** The answer's body; closing it gives the connection back. */
  InputStream body() throws IOException {
    return connection.getInputStream();
  }

  /** Gives up an answer without reading the rest of it. */
  void abandon() {
    connection.disconnect();
  }
}
