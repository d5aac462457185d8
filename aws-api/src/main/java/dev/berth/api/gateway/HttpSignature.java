package dev.berth.api.gateway;

import dev.berth.model.signature.SignableRequest;
import io.helidon.webserver.http.ServerRequest;
import java.util.ArrayList;

/** What a request's signature speaks of, taken from the server's request. */
public final class HttpSignature {
  private HttpSignature() {}

  /**
   * The parts that are signed.
   *
   * @param body empty where the client signed without it
   */
  public static SignableRequest of(ServerRequest request, byte[] body) {
    var prologue = request.prologue();
    var headers = new ArrayList<SignableRequest.Header>();
    request
        .headers()
        .forEach(
            header ->
                header
                    .allValues()
                    .forEach(
                        value -> headers.add(new SignableRequest.Header(header.name(), value))));
    return new SignableRequest(
        prologue.method().text(),
        prologue.uriPath().rawPath(),
        prologue.query().rawValue(),
        headers,
        body);
  }
}
