package dev.berth.agent.image.registry;

import dev.berth.agent.image.manifest.Descriptor;
import dev.berth.agent.image.manifest.ImageDocuments;
import dev.berth.agent.image.manifest.Manifest;
import dev.berth.agent.image.registry.RegistryConnection.Access;
import dev.berth.model.image.Digest;
import dev.berth.model.image.ImageException;
import dev.berth.model.image.ImageFailure;
import dev.berth.model.image.ImageReference;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.random.RandomGenerator;

/** Reads images of any registry. Blocking; safe for many threads. */
public final class RegistryClient {
  private static final Duration BACKOFF_MAX = Duration.ofSeconds(10);
  private static final Map<String, String> ACCEPT =
      Map.of(
          "Accept",
          String.join(
              ", ",
              ImageDocuments.OCI_INDEX,
              ImageDocuments.OCI_MANIFEST,
              ImageDocuments.DOCKER_LIST,
              ImageDocuments.DOCKER_MANIFEST));

  private final RegistrySettings settings;
  private final RegistryConnection connection;
  private final RandomGenerator random;

  public RegistryClient(RegistrySettings settings, InstantSource clock, RandomGenerator random) {
    this.settings = settings;
    this.connection = new RegistryConnection(settings, clock);
    this.random = random;
  }

  /** A manifest or index, verified against the digest. */
  public record Document(Digest digest, Manifest manifest) {}

  /** The digest that a tag has now; empty if the registry tells it only with the whole manifest. */
  public Optional<Digest> digest(ImageReference reference, RegistryCredentials credentials)
      throws ImageException {
    String tag = reference.tag().orElse("latest");
    return retrying(
        reference.toString(),
        () -> {
          HttpExchange answer = send("HEAD", reference, credentials, "manifests/" + tag, ACCEPT);
          return answer.header("Docker-Content-Digest").flatMap(Digest::parse);
        });
  }

  /** The manifest or index under the reference's digest, else under its tag. */
  public Document manifest(ImageReference reference, RegistryCredentials credentials)
      throws ImageException {
    String name = reference.digest().map(Digest::toString).or(reference::tag).orElse("latest");
    byte[] content =
        retrying(
            reference.toString(),
            () ->
                read(
                    send("GET", reference, credentials, "manifests/" + name, ACCEPT),
                    reference.toString()));
    Digest actual = Digest.of(content);
    if (reference.digest().isPresent() && !reference.digest().get().equals(actual)) {
      throw new ImageException(
          new ImageFailure.ContentMismatch(
              "manifest of " + reference.name(),
              reference.digest().get().toString(),
              actual.toString()));
    }
    return new Document(actual, ImageDocuments.manifest(content, reference.toString()));
  }

  /** A small blob, such as an image's configuration, verified. */
  public byte[] document(
      ImageReference reference, RegistryCredentials credentials, Descriptor descriptor)
      throws ImageException {
    String resource = reference.name() + "@" + descriptor.digest();
    if (descriptor.sizeBytes() > ImageDocuments.DOCUMENT_BYTES_MAX) {
      throw tooLarge(resource);
    }
    byte[] content =
        retrying(
            resource,
            () ->
                read(
                    send("GET", reference, credentials, "blobs/" + descriptor.digest(), Map.of()),
                    resource));
    Digest actual = Digest.of(content);
    if (!actual.equals(descriptor.digest())) {
      throw new ImageException(
          new ImageFailure.ContentMismatch(
              "blob of " + reference.name(), descriptor.digest().toString(), actual.toString()));
    }
    return content;
  }

  /**
   * A layer as a stream. Ends well only after {@link BlobStream#verify}.
   *
   * @param partial where to keep what has come so far, and to go on from; the caller deletes it
   * @param progress told the position of the stream
   */
  public BlobStream blob(
      ImageReference reference,
      RegistryCredentials credentials,
      Descriptor descriptor,
      Optional<Path> partial,
      LongConsumer progress)
      throws ImageException {
    String resource = reference.name() + "@" + descriptor.digest();
    BlobStream.Source source =
        offset -> retrying(resource, () -> openAt(reference, credentials, descriptor, offset));
    try {
      return new BlobStream(source, descriptor, partial, progress);
    } catch (IOException e) {
      throw Failures.of(e, resource);
    }
  }

  private InputStream openAt(
      ImageReference reference, RegistryCredentials credentials, Descriptor descriptor, long offset)
      throws IOException {
    Map<String, String> headers = new HashMap<>();
    if (offset > 0) {
      headers.put("Range", "bytes=" + offset + "-");
    }
    HttpExchange answer =
        send("GET", reference, credentials, "blobs/" + descriptor.digest(), headers);
    long whole = answer.bodyBytes() + (answer.status() == 206 ? offset : 0);
    if (answer.bodyBytes() >= 0 && whole != descriptor.sizeBytes()) {
      answer.abandon(); // Said at once, so that it is not taken for a connection that broke.
      throw new ImageException(
          new ImageFailure.ContentMismatch(
              "blob " + descriptor.digest(), descriptor.sizeBytes() + " bytes", whole + " bytes"));
    }
    InputStream body = answer.body();
    if (offset > 0 && answer.status() == 200) {
      body.skipNBytes(offset); // A server may ignore ranges.
    }
    return body;
  }

  private HttpExchange send(
      String method,
      ImageReference reference,
      RegistryCredentials credentials,
      String path,
      Map<String, String> headers)
      throws IOException {
    var access =
        new Access(
            Endpoint.of(reference.registry(), settings), reference.repository(), credentials);
    HttpExchange answer = connection.send(method, access, path, headers);
    Optional<ImageFailure> failure = Failures.of(answer.status(), reference.toString());
    if (failure.isPresent()) {
      answer.abandon();
      throw new ImageException(failure.get());
    }
    return answer;
  }

  private static byte[] read(HttpExchange answer, String resource) throws IOException {
    try (InputStream in = answer.body()) {
      byte[] content = in.readNBytes(ImageDocuments.DOCUMENT_BYTES_MAX + 1);
      if (content.length > ImageDocuments.DOCUMENT_BYTES_MAX) {
        answer.abandon();
        throw tooLarge(resource);
      }
      return content;
    }
  }

  private static ImageException tooLarge(String resource) {
    return new ImageException(
        new ImageFailure.TooLarge(resource, ImageDocuments.DOCUMENT_BYTES_MAX));
  }

  @FunctionalInterface
  private interface Request<T> {
    T send() throws IOException;
  }

  private <T> T retrying(String resource, Request<T> request) throws ImageException {
    for (int attempt = 1; ; attempt++) {
      try {
        return request.send();
      } catch (IOException e) {
        ImageException failed = Failures.of(e, resource);
        if (attempt >= settings.attemptCountMax() || !Failures.isTransient(failed.failure())) {
          throw failed;
        }
        pause(attempt, resource);
      }
    }
  }

  /** Doubles from try to try, and spreads, so that many hosts do not come back at once. */
  private void pause(int attempt, String resource) throws ImageException {
    long ceiling =
        Math.min(
            BACKOFF_MAX.toMillis(), settings.backoff().toMillis() << Math.min(attempt - 1, 20));
    try {
      Thread.sleep(ceiling / 2 + random.nextLong(ceiling / 2 + 1));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ImageException(new ImageFailure.Interrupted(resource), e);
    }
  }
}
