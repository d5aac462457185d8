package dev.berth.model.signature;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The one text that client and server both derive from a request, and its signature. */
final class CanonicalRequest {
  static final String ALGORITHM = "AWS4-HMAC-SHA256";
  static final String CONTENT_SHA256 = "x-amz-content-sha256";
  static final String UNSIGNED_PAYLOAD = "UNSIGNED-PAYLOAD";

  private CanonicalRequest() {}

  /** The signature in lower-case hexadecimal. */
  static String signature(
      SignableRequest request,
      String secretAccessKey,
      CredentialScope scope,
      String timestamp,
      List<String> signedHeaders) {
    String canonical = canonical(request, scope.service(), signedHeaders);
    String stringToSign =
        String.join(
            "\n", ALGORITHM, timestamp, scope.toString(), sha256(canonical.getBytes(UTF_8)));
    byte[] key = ("AWS4" + secretAccessKey).getBytes(UTF_8);
    for (String part :
        List.of(scope.date(), scope.region(), scope.service(), CredentialScope.TERMINATOR)) {
      key = hmac(key, part);
    }
    return HexFormat.of().formatHex(hmac(key, stringToSign));
  }

  static String canonical(SignableRequest request, String service, List<String> signedHeaders) {
    String headers =
        signedHeaders.stream()
            .map(name -> name + ":" + headerValue(request, name) + "\n")
            .collect(Collectors.joining());
    return String.join(
        "\n",
        request.method(),
        path(request.rawPath(), service),
        query(request.rawQuery()),
        headers,
        String.join(";", signedHeaders),
        payloadHash(request, signedHeaders));
  }

  /** Repeated headers are one, joined by commas; runs of white space are one space. */
  private static String headerValue(SignableRequest request, String name) {
    return request.values(name).stream()
        .map(value -> value.strip().replaceAll("\\s+", " "))
        .collect(Collectors.joining(","));
  }

  /**
   * S3 alone signs the path as it is, encoded once; all others normalise it and encode it twice.
   */
  private static String path(String rawPath, String service) {
    if (service.equals("s3")) {
      return Stream.of((rawPath.isEmpty() ? "/" : rawPath).split("/", -1))
          .map(segment -> PercentEncoding.encode(PercentEncoding.decode(segment)))
          .collect(Collectors.joining("/"));
    }
    Deque<String> segments = new ArrayDeque<>();
    for (String segment : rawPath.split("/", -1)) {
      switch (segment) {
        case "", "." -> {}
        case ".." -> segments.pollLast();
        default -> segments.addLast(PercentEncoding.encode(segment));
      }
    }
    String slash = rawPath.endsWith("/") && !segments.isEmpty() ? "/" : "";
    return "/" + String.join("/", segments) + slash;
  }

  private static String query(String rawQuery) {
    return PercentEncoding.canonicalQuery(
        PercentEncoding.parameters(rawQuery).stream()
            .filter(it -> !it.name().equals("X-Amz-Signature"))
            .toList());
  }

  /**
   * The hash of what really came, whatever a header says, unless the client signed that it may
   * vary.
   */
  private static String payloadHash(SignableRequest request, List<String> signedHeaders) {
    boolean unsigned =
        signedHeaders.contains(CONTENT_SHA256)
            && request.value(CONTENT_SHA256).equals(UNSIGNED_PAYLOAD);
    return unsigned ? UNSIGNED_PAYLOAD : sha256(request.body());
  }

  static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  static String lowerCase(String headerName) {
    return headerName.toLowerCase(Locale.ROOT);
  }

  private static byte[] hmac(byte[] key, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(text.getBytes(UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HmacSHA256", e);
    }
  }
}
