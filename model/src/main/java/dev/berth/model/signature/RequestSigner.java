package dev.berth.model.signature;

import dev.berth.model.signature.SignableRequest.Header;
import java.net.URI;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Signs requests in their headers, as the AWS clients do. */
public final class RequestSigner {
  static final DateTimeFormatter TIMESTAMP =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  private final Credentials credentials;
  private final String region;
  private final String service;

  /** A signer for one service in one region. */
  public RequestSigner(Credentials credentials, String region, String service) {
    this.credentials = credentials;
    this.region = region;
    this.service = service;
  }

  /**
   * The headers to send besides the given ones: the date, the session token if there is one, and
   * the authorization. Every given header is signed, so that none may change on the way; the host,
   * which the HTTP client sends itself, is taken from the URI.
   */
  public List<Header> sign(String method, URI uri, List<Header> headers, byte[] body, Instant now) {
    String timestamp = TIMESTAMP.format(now);
    var added = new ArrayList<Header>();
    added.add(new Header("X-Amz-Date", timestamp));
    if (!credentials.sessionToken().isEmpty()) {
      added.add(new Header("X-Amz-Security-Token", credentials.sessionToken()));
    }
    var signed = new ArrayList<>(headers);
    signed.add(new Header("Host", uri.getRawAuthority()));
    signed.addAll(added);
    List<String> names =
        signed.stream()
            .map(header -> CanonicalRequest.lowerCase(header.name()))
            .distinct()
            .sorted(Comparator.naturalOrder())
            .toList();
    String query = uri.getRawQuery() == null ? "" : uri.getRawQuery();
    var request = new SignableRequest(method, uri.getRawPath(), query, signed, body);
    var scope = new CredentialScope(timestamp.substring(0, 8), region, service);
    String signature =
        CanonicalRequest.signature(request, credentials.secretAccessKey(), scope, timestamp, names);
    String authorization =
        "%s Credential=%s/%s, SignedHeaders=%s, Signature=%s"
            .formatted(
                CanonicalRequest.ALGORITHM,
                credentials.accessKeyId(),
                scope,
                String.join(";", names),
                signature);
    added.add(new Header("Authorization", authorization));
    return List.copyOf(added);
  }
}
