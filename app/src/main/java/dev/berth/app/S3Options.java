package dev.berth.app;

import dev.berth.model.identity.Region;
import dev.berth.model.signature.Credentials;
import java.net.URI;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Where environment files are read from, as the operator says it. */
final class S3Options {
  /** By the environment alone: what stands on a command line is for everybody to see. */
  private static final String SECRET_VARIABLE = "BERTH_S3_SECRET_ACCESS_KEY";

  @Option(
      names = "--s3-endpoint",
      paramLabel = "URL",
      defaultValue = "${env:BERTH_S3_ENDPOINT:-}",
      description =
          "an S3-compatible server, addressed path-style, that tasks' environmentFiles are read"
              + " from; without it such tasks are refused")
  String endpoint = "";

  @Option(
      names = "--s3-region",
      paramLabel = "REGION",
      defaultValue = "${env:BERTH_S3_REGION:-us-east-1}",
      description = "the region that requests to it are signed for; default: ${DEFAULT-VALUE}")
  String region = "";

  @Option(
      names = "--s3-access-key-id",
      paramLabel = "ID",
      defaultValue = "${env:BERTH_S3_ACCESS_KEY_ID:-}",
      description =
          "whose secret is in "
              + SECRET_VARIABLE
              + ". It reads for tasks of every account. Without it requests are anonymous")
  String accessKeyId = "";

  /**
   * The source, if there is one.
   *
   * @throws IllegalArgumentException that says which option cannot be used
   */
  Optional<S3Objects.Settings> settings() {
    return settings(Optional.ofNullable(System.getenv(SECRET_VARIABLE)).orElse(""));
  }

  Optional<S3Objects.Settings> settings(String secretAccessKey) {
    if (endpoint.isEmpty()) {
      return Optional.empty();
    }
    if (accessKeyId.isEmpty() != secretAccessKey.isEmpty()) {
      throw new IllegalArgumentException(
          "--s3-access-key-id and " + SECRET_VARIABLE + " are said together or not at all");
    }
    Optional<Credentials> credentials =
        accessKeyId.isEmpty()
            ? Optional.empty()
            : Optional.of(new Credentials(accessKeyId, secretAccessKey));
    return Optional.of(
        new S3Objects.Settings(server(endpoint), new Region(region).value(), credentials));
  }

  /** Without a port that goes without saying: the host is signed as it is sent. */
  private static URI server(String text) {
    URI uri;
    try {
      uri = URI.create(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("--s3-endpoint is no URL: " + text, e);
    }
    String scheme = Optional.ofNullable(uri.getScheme()).orElse("");
    boolean known = scheme.equals("http") || scheme.equals("https");
    if (!known
        || uri.getHost() == null
        || uri.getRawUserInfo() != null
        || uri.getRawQuery() != null
        || uri.getRawFragment() != null) {
      throw new IllegalArgumentException(
          "--s3-endpoint must be http:// or https://, a host, and nothing but a port and a path"
              + " behind it: "
              + text);
    }
    boolean usual = uri.getPort() == (scheme.equals("http") ? 80 : 443);
    String port = uri.getPort() < 0 || usual ? "" : ":" + uri.getPort();
    String path = uri.getRawPath().replaceAll("/+$", "");
    return URI.create(scheme + "://" + uri.getHost() + port + path);
  }
}
