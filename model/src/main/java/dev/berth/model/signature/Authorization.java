package dev.berth.model.signature;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a request says about who signed it, before anyone believed it. */
public sealed interface Authorization {

  /** Nobody signed. */
  record Absent() implements Authorization {}

  /** Something is there that cannot be understood; the message says what is missing. */
  record Malformed(String message) implements Authorization {}

  /**
   * A complete claim.
   *
   * @param timestamp as signed, {@code 20261123T040506Z}; empty if the request has no such date
   * @param sessionToken empty if none was sent
   * @param signedHeaders lower-case names in the order in which they were signed
   * @param validity how long the claim holds
   */
  record Claim(
      String accessKeyId,
      CredentialScope scope,
      String timestamp,
      String sessionToken,
      List<String> signedHeaders,
      String signature,
      Validity validity)
      implements Authorization {}

  /** How long a claim holds. */
  sealed interface Validity {
    /** A signed header: as long as the clocks may differ. */
    record ClockSkew() implements Validity {}

    /** A presigned URL names its own time. */
    record Seconds(long count) implements Validity {}
  }

  /** Reads the header, or else the query of a presigned URL. */
  static Authorization of(SignableRequest request) {
    String header = request.value("Authorization");
    if (!header.isEmpty()) {
      return ofHeader(request, header);
    }
    Map<String, String> query = new LinkedHashMap<>();
    for (var parameter : PercentEncoding.parameters(request.rawQuery())) {
      query.putIfAbsent(parameter.name(), parameter.value());
    }
    boolean presigned =
        query.containsKey("X-Amz-Algorithm") || query.containsKey("X-Amz-Signature");
    return presigned ? ofQuery(query) : new Absent();
  }

  private static Authorization ofHeader(SignableRequest request, String header) {
    int space = header.indexOf(' ');
    String algorithm = space < 0 ? header : header.substring(0, space);
    if (!algorithm.equals(CanonicalRequest.ALGORITHM)) {
      return unsupported(algorithm);
    }
    var parts = new LinkedHashMap<String, String>();
    for (String part : header.substring(algorithm.length()).split(",", -1)) {
      int equals = part.indexOf('=');
      if (equals > 0) {
        parts.put(part.substring(0, equals).strip(), part.substring(equals + 1).strip());
      }
    }
    var missing = new ArrayList<String>();
    for (String name : List.of("Credential", "Signature", "SignedHeaders")) {
      if (parts.getOrDefault(name, "").isEmpty()) {
        missing.add("Authorization header requires '" + name + "' parameter.");
      }
    }
    String timestamp = Timestamps.ofHeaders(request);
    if (timestamp.isEmpty()) {
      missing.add(
          "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.");
    }
    if (!missing.isEmpty()) {
      return new Malformed(String.join(" ", missing));
    }
    return claim(
        parts.getOrDefault("Credential", ""),
        timestamp,
        request.value("X-Amz-Security-Token"),
        parts.getOrDefault("SignedHeaders", ""),
        parts.getOrDefault("Signature", ""),
        new Validity.ClockSkew());
  }

  private static Authorization ofQuery(Map<String, String> query) {
    String algorithm = query.getOrDefault("X-Amz-Algorithm", "");
    if (!algorithm.equals(CanonicalRequest.ALGORITHM)) {
      return unsupported(algorithm);
    }
    var missing = new ArrayList<String>();
    for (String name : List.of("Credential", "Signature", "SignedHeaders", "Date", "Expires")) {
      if (query.getOrDefault("X-Amz-" + name, "").isEmpty()) {
        missing.add("AWS query-string parameters must include 'X-Amz-" + name + "'.");
      }
    }
    if (!missing.isEmpty()) {
      return new Malformed(String.join(" ", missing));
    }
    String expires = query.getOrDefault("X-Amz-Expires", "");
    if (!expires.matches("[0-9]{1,9}")) {
      return new Malformed("X-Amz-Expires should be a number");
    }
    return claim(
        query.getOrDefault("X-Amz-Credential", ""),
        query.getOrDefault("X-Amz-Date", ""),
        query.getOrDefault("X-Amz-Security-Token", ""),
        query.getOrDefault("X-Amz-SignedHeaders", ""),
        query.getOrDefault("X-Amz-Signature", ""),
        new Validity.Seconds(Long.parseLong(expires)));
  }

  private static Authorization claim(
      String credential,
      String timestamp,
      String sessionToken,
      String signedHeaders,
      String signature,
      Validity validity) {
    List<String> scope = List.of(credential.split("/", -1));
    if (scope.size() != 5 || !scope.get(4).equals(CredentialScope.TERMINATOR)) {
      return new Malformed(
          "Credential must have exactly 5 slash-delimited elements, e.g."
              + " keyid/date/region/service/aws4_request, got '"
              + credential
              + "'");
    }
    return new Claim(
        scope.get(0),
        new CredentialScope(scope.get(1), scope.get(2), scope.get(3)),
        timestamp,
        sessionToken,
        List.of(CanonicalRequest.lowerCase(signedHeaders).split(";", -1)),
        signature,
        validity);
  }

  private static Authorization unsupported(String algorithm) {
    return new Malformed("Unsupported AWS 'algorithm': '" + algorithm + "'.");
  }
}
