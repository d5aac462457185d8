package dev.berth.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.berth.control.environment.ObjectSource;
import dev.berth.model.signature.Credentials;
import dev.berth.model.signature.PercentEncoding;
import dev.berth.model.signature.RequestSigner;
import dev.berth.model.signature.SignableRequest.Header;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Reads objects of an S3-compatible server: path-style, signed by Signature Version 4 or anonymous.
 *
 * <p>It asks for whole objects and for nothing else, so that a client library of its own for it
 * would be the larger part. What goes wrong is said in the words of AWS's SDK for Go, which ECS
 * shows too.
 */
final class S3Objects implements ObjectSource {
  private static final int ATTEMPT_COUNT_MAX = 3;
  private static final Duration ATTEMPT_PAUSE = Duration.ofMillis(200);
  private static final int CONNECT_TIMEOUT_MILLIS = 5_000;
  private static final int READ_TIMEOUT_MILLIS = 10_000;

  /** For one object, however slowly it drips; the one that ECS's own agent takes. */
  private static final Duration OBJECT_TIMEOUT = Duration.ofSeconds(30);

  private static final int PIECE_BYTES = 16 << 10;
  private static final int ERROR_BYTES_MAX = 16 << 10;
  private static final int SERVER_ERROR_MIN = 500;
  private static final int TOO_MANY_REQUESTS = 429;
  private static final Pattern CODE = Pattern.compile("<Code>([A-Za-z0-9.]{1,100})</Code>");
  private static final Pattern MESSAGE = Pattern.compile("<Message>([^<]{1,300})</Message>");

  /** Of no bytes at all: S3 wants it said. */
  private static final Header EMPTY_BODY =
      new Header(
          "x-amz-content-sha256",
          "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");

  private final Settings settings;
  private final InstantSource clock;

  /**
   * Where objects are.
   *
   * @param server scheme, host, a port that is not the usual one, and what stands before a bucket
   * @param credentials anonymous without them
   */
  record Settings(URI server, String region, Optional<Credentials> credentials) {}

  /** Why one attempt failed, and whether another may do better. */
  private static final class Failed extends Exception {
    private static final long serialVersionUID = 1L;
    private final boolean retried;

    Failed(String message, boolean retried) {
      super(message, null, false, false);
      this.retried = retried;
    }
  }

  S3Objects(Settings settings, InstantSource clock) {
    this.settings = settings;
    this.clock = clock;
  }

  @Override
  public byte[] read(String bucket, String key, int byteCountMax)
      throws IOException, InterruptedException {
    URI uri = URI.create(settings.server() + "/" + path(bucket + "/" + key));
    for (int attempt = 1; ; attempt++) {
      try {
        return attempt(uri, byteCountMax);
      } catch (Failed failed) {
        boolean last = attempt == ATTEMPT_COUNT_MAX;
        if (!failed.retried || last) {
          throw new IOException(
              "operation error S3: GetObject, "
                  + (failed.retried
                      ? "exceeded maximum number of attempts, " + ATTEMPT_COUNT_MAX + ", "
                      : "")
                  + failed.getMessage());
        }
      }
      Thread.sleep(ATTEMPT_PAUSE.multipliedBy(attempt));
    }
  }

  private static String path(String plain) {
    return Stream.of(plain.split("/", -1))
        .map(PercentEncoding::encode)
        .collect(Collectors.joining("/"));
  }

  private byte[] attempt(URI uri, int byteCountMax) throws Failed {
    try {
      var connection = (HttpURLConnection) uri.toURL().openConnection();
      connection.setInstanceFollowRedirects(false);
      connection.setUseCaches(false);
      connection.setConnectTimeout(CONNECT_TIMEOUT_MILLIS);
      connection.setReadTimeout(READ_TIMEOUT_MILLIS);
      connection.setRequestProperty("User-Agent", "berth");
      headers(uri).forEach(header -> connection.setRequestProperty(header.name(), header.value()));
      try {
        int status = connection.getResponseCode();
        if (status != HttpURLConnection.HTTP_OK) {
          throw refused(status, connection);
        }
        try (InputStream body = connection.getInputStream()) {
          return bytes(body, byteCountMax);
        }
      } finally {
        connection.disconnect();
      }
    } catch (IOException e) {
      throw new Failed("request send failed: " + e.getMessage(), true);
    }
  }

  private List<Header> headers(URI uri) {
    if (settings.credentials().isEmpty()) {
      return List.of();
    }
    var signer = new RequestSigner(settings.credentials().get(), settings.region(), "s3");
    var headers = new ArrayList<Header>(List.of(EMPTY_BODY));
    headers.addAll(signer.sign("GET", uri, List.of(EMPTY_BODY), new byte[0], clock.instant()));
    return headers;
  }

  private byte[] bytes(InputStream body, int byteCountMax) throws IOException, Failed {
    long deadlineNanos = System.nanoTime() + OBJECT_TIMEOUT.toNanos();
    var bytes = new byte[byteCountMax + 1];
    int count = 0;
    while (count < bytes.length) {
      int read = body.read(bytes, count, Math.min(PIECE_BYTES, bytes.length - count));
      if (read < 0) {
        return Arrays.copyOf(bytes, count);
      }
      count += read;
      if (System.nanoTime() > deadlineNanos) {
        throw new Failed(
            "the object did not arrive in " + OBJECT_TIMEOUT.toSeconds() + " s", false);
      }
    }
    throw new Failed("the object is longer than the " + byteCountMax + " bytes it may have", false);
  }

  private static Failed refused(int status, HttpURLConnection connection) throws IOException {
    String text = "";
    InputStream body = connection.getErrorStream();
    if (body != null) {
      try (body) {
        text = new String(body.readNBytes(ERROR_BYTES_MAX), UTF_8);
      }
    }
    Matcher code = CODE.matcher(text);
    Matcher message = MESSAGE.matcher(text);
    String error =
        code.find()
            ? ", api error " + code.group(1) + ": " + (message.find() ? message.group(1) : "")
            : "";
    return new Failed(
        "https response error StatusCode: " + status + error,
        status >= SERVER_ERROR_MIN || status == TOO_MANY_REQUESTS);
  }
}
