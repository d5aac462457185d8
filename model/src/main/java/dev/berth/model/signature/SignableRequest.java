package dev.berth.model.signature;

import java.util.List;

/** A request as it goes over the wire: nothing decoded, normalised or merged yet. */
public final class SignableRequest {
  private final String method;
  private final String rawPath;
  private final String rawQuery;
  private final List<Header> headers;
  private final byte[] body;

  /** One header line; a name may come more than once, and its case does not matter. */
  public record Header(String name, String value) {}

  /**
   * A request.
   *
   * @param rawPath still percent-encoded; {@code /} or empty for the root
   * @param rawQuery still percent-encoded, without the question mark; empty if there is none
   * @param body not copied: the caller must not change it
   */
  public SignableRequest(
      String method, String rawPath, String rawQuery, List<Header> headers, byte[] body) {
    this.method = method;
    this.rawPath = rawPath;
    this.rawQuery = rawQuery;
    this.headers = List.copyOf(headers);
    this.body = body;
  }

  public String method() {
    return method;
  }

  public String rawPath() {
    return rawPath;
  }

  public String rawQuery() {
    return rawQuery;
  }

  public List<Header> headers() {
    return headers;
  }

  byte[] body() {
    return body;
  }

  /** All values of a header in their order. */
  public List<String> values(String name) {
    return headers.stream()
        .filter(header -> header.name().equalsIgnoreCase(name))
        .map(Header::value)
        .toList();
  }

  /** The first value of a header, or an empty string if it is absent. */
  public String value(String name) {
    for (Header header : headers) {
      if (header.name().equalsIgnoreCase(name)) {
        return header.value();
      }
    }
    return "";
  }
}
