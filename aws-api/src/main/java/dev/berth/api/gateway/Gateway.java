package dev.berth.api.gateway;

import dev.berth.api.protocol.EventStreamWriter;
import dev.berth.api.protocol.WireAnswer;
import dev.berth.api.protocol.WireError;
import dev.berth.api.protocol.WireRequest;
import dev.berth.model.signature.AccessKeys;
import dev.berth.model.signature.SignableRequest;
import dev.berth.model.signature.SignatureVerifier;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.helidon.webserver.http1.Http1Config;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server: all services on one port.
 *
 * <p>Speaks HTTP/1.1. Listens from {@link #start} until {@link #close}.
 */
public final class Gateway implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);
  private static final int CONNECTION_COUNT_MAX = 10_000;
  private static final int HEADERS_BYTES_MAX = 32 * 1024;

  /** A client that sends nothing for so long, in the middle of a request, has gone. */
  private static final Duration READ_TIMEOUT = Duration.ofSeconds(30);

  private static final Duration IDLE_TIMEOUT = Duration.ofMinutes(2);

  private final WebServer server;

  /**
   * What to listen on.
   *
   * @param port 0 for any free one
   * @param bodyBytesMax the largest body of a signed request
   */
  public record Settings(String host, int port, int bodyBytesMax) {
    /** The largest body of an AWS service but for uploads. */
    public static final int USUAL_BODY_BYTES_MAX = 8 * 1024 * 1024;
  }

  /**
   * What to serve.
   *
   * @param services of AWS
   * @param ownServices of Berth
   * @param routes paths that are no API of AWS, such as health; they come first, and who asks for
   *     them is theirs to find out
   */
  public record Offer(
      List<ServiceBinding> services, List<JsonService> ownServices, HttpService routes) {}

  private Gateway(WebServer server) {
    this.server = server;
  }

  /** Starts listening, and returns when it does. */
  public static Gateway start(
      Settings settings, AccessKeys keys, InstantSource clock, Offer offer) {
    var handler =
        new RequestHandler(
            new Dispatcher(offer.services(), offer.ownServices()),
            new SignatureVerifier(keys, clock),
            clock);
    var bodies = new BodyReader(settings.bodyBytesMax());
    WebServer server =
        WebServer.builder()
            .host(settings.host())
            .port(settings.port())
            .maxTcpConnections(CONNECTION_COUNT_MAX)
            .idleConnectionTimeout(IDLE_TIMEOUT)
            .connectionOptions(options -> options.readTimeout(READ_TIMEOUT).tcpNoDelay(true))
            .shutdownHook(false) // When to stop is the application's to say.
            .addProtocol(
                Http1Config.builder()
                    .maxHeadersSize(HEADERS_BYTES_MAX)
                    .maxPrologueLength(HEADERS_BYTES_MAX) // A presigned URL is long.
                    .build())
            .routing(
                routing ->
                    routing
                        .register(offer.routes())
                        .any((request, response) -> serve(handler, bodies, request, response)))
            .build()
            .start();
    return new Gateway(server);
  }

  /** The port it listens on. */
  public int port() {
    return server.port();
  }

  /** Stops listening; what is being answered gets a moment to finish. */
  @Override
  public void close() {
    server.stop();
  }

  private static void serve(
      RequestHandler handler, BodyReader bodies, ServerRequest request, ServerResponse response) {
    String requestId = UUID.randomUUID().toString();
    try (InputStream stream =
        request.content().hasEntity()
            ? request.content().inputStream()
            : InputStream.nullInputStream()) {
      bodies.read(
          stream,
          body -> {
            SignableRequest signable = HttpSignature.of(request, body);
            switch (handler.answer(
                signable, new WireRequest(signable.rawQuery(), body), requestId)) {
              case Reply.Whole(WireAnswer answer) -> send(response, answer);
              case Reply.Flowing flowing -> flow(response, flowing);
            }
          });
    } catch (ApiException e) {
      // The rest of the body will not be read, so the connection cannot go on.
      response.header(HeaderNames.CONNECTION, "close");
      send(
          response,
          Dispatcher.OWN_PROTOCOL.encode(new WireError(e.code(), e.status(), e.text()), requestId));
    } catch (IOException e) {
      throw new UncheckedIOException("the client went away while it sent " + requestId, e);
    }
  }

  private static void flow(ServerResponse response, Reply.Flowing flowing) {
    response.status(Status.OK_200);
    response.header(HeaderNames.CONTENT_TYPE, EventStreamWriter.CONTENT_TYPE);
    response.header(HeaderNames.create("x-amzn-RequestId"), flowing.requestId());
    try (OutputStream stream = response.outputStream()) {
      flowing.body().writeTo(new EventStreamWriter(stream));
    } catch (IOException | UncheckedIOException gone) {
      LOG.atDebug().addKeyValue("requestId", flowing.requestId()).log("the listener has gone");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void send(ServerResponse response, WireAnswer answer) {
    response.status(Status.create(answer.status()));
    response.header(HeaderNames.CONTENT_TYPE, answer.contentType());
    answer.headers().forEach((name, value) -> response.header(HeaderNames.create(name), value));
    response.send(answer.body());
  }
}
