package dev.berth.agent.image;

import dev.berth.agent.image.layer.LayerLimits;
import dev.berth.agent.image.layer.LayerSize;
import dev.berth.agent.image.layer.LayerUnpacker;
import dev.berth.agent.image.manifest.Descriptor;
import dev.berth.agent.image.manifest.ImageDocuments;
import dev.berth.agent.image.manifest.Manifest;
import dev.berth.agent.image.registry.BlobStream;
import dev.berth.agent.image.registry.RegistryClient;
import dev.berth.agent.image.registry.RegistryCredentials;
import dev.berth.model.image.Digest;
import dev.berth.model.image.ImageDescription;
import dev.berth.model.image.ImageException;
import dev.berth.model.image.ImageFailure;
import dev.berth.model.image.ImageReference;
import dev.berth.model.image.Platform;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Brings one image from its registry into the layer store: documents first, then all missing layers
 * at once.
 */
final class ImagePuller {
  /** Smaller blobs are fetched again after a kill; larger ones keep what has come. */
  private static final long PARTIAL_BYTES_MIN = 8L << 20;

  /** Reading on to tell a damaged blob from a hostile one must not become a long download. */
  private static final long DIAGNOSIS_BYTES_MAX = 64L << 20;

  private final RegistryClient registry;
  private final LayerStore layers;
  private final StoreLayout layout;
  private final LayerLimits limits;
  private final ExecutorService unpackers;

  ImagePuller(
      RegistryClient registry,
      LayerStore layers,
      StoreLayout layout,
      LayerLimits limits,
      ExecutorService unpackers) {
    this.registry = registry;
    this.layers = layers;
    this.layout = layout;
    this.limits = limits;
    this.unpackers = unpackers;
  }

  /** Who pulls what, for which platform. */
  record Request(
      ImageReference reference,
      Platform platform,
      RegistryCredentials credentials,
      PullProgress progress) {}

  /**
   * What an image consists of, verified; its layers are not here yet.
   *
   * @param requested digest of the manifest or index that the reference led to
   */
  record Plan(
      Digest requested,
      Digest manifest,
      ImageDescription description,
      String rawConfig,
      List<Descriptor> layers) {}

  /** The digest that the request's tag has now. */
  Digest resolve(Request request) throws ImageException {
    Optional<Digest> told = registry.digest(request.reference(), request.credentials());
    return told.isPresent()
        ? told.get()
        : registry.manifest(request.reference(), request.credentials()).digest();
  }

  /** Fetches and checks an image's documents. */
  Plan plan(Request request, Digest digest) throws ImageException {
    ImageReference reference = request.reference().withDigest(digest);
    String resource = reference.toString();
    RegistryClient.Document document = registry.manifest(reference, request.credentials());
    if (document.manifest() instanceof Manifest.Index index) {
      Descriptor chosen = ImageDocuments.choose(index, request.platform(), resource);
      document = registry.manifest(reference.withDigest(chosen.digest()), request.credentials());
    }
    return switch (document.manifest()) {
      case Manifest.Single single -> plan(request, digest, document.digest(), single);
      case Manifest.Index _ ->
          throw new ImageException(
              new ImageFailure.InvalidManifest(resource, "an index within an index"));
    };
  }

  private Plan plan(Request request, Digest requested, Digest manifest, Manifest.Single single)
      throws ImageException {
    String resource = request.reference().toString();
    byte[] raw = registry.document(request.reference(), request.credentials(), single.config());
    ImageDescription description = ImageDocuments.description(raw, resource);
    checkPlatform(description, request.platform(), resource);
    if (description.diffIds().size() != single.layers().size()) {
      throw new ImageException(
          new ImageFailure.InvalidManifest(
              resource, "its layers are not those of its configuration"));
    }
    return new Plan(
        requested, manifest, description, new String(raw, StandardCharsets.UTF_8), single.layers());
  }

  static void checkPlatform(ImageDescription description, Platform wanted, String resource)
      throws ImageException {
    boolean unknown = description.platform().architecture().isEmpty();
    if (!unknown && !wanted.runs(description.platform())) {
      throw new ImageException(new ImageFailure.NoMatchingPlatform(resource, wanted));
    }
  }

  /**
   * Fetches and unpacks whatever layers are missing. Returns when no thread works on it any more.
   */
  void fetchLayers(Request request, Plan plan) throws ImageException {
    var abandoned = new AtomicBoolean();
    List<Future<?>> work = new ArrayList<>();
    for (int i = 0; i < plan.layers().size(); i++) {
      Descriptor blob = plan.layers().get(i);
      Digest diffId = plan.description().diffIds().get(i);
      if (!layers.contains(diffId)) {
        work.add(unpackers.submit(() -> fetchLayer(request, blob, diffId, abandoned)));
      }
    }
    Optional<ImageException> failed = Optional.empty();
    for (Future<?> each : work) {
      Optional<ImageException> one = outcome(each, work, request.reference().toString());
      failed = failed.isPresent() ? failed : one;
    }
    if (failed.isPresent()) {
      throw failed.get();
    }
  }

  private static Optional<ImageException> outcome(
      Future<?> each, List<Future<?>> all, String resource) {
    try {
      each.get();
      return Optional.empty();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof ImageException failed) {
        return Optional.of(failed);
      }
      throw new IllegalStateException("pull of " + resource, e);
    } catch (CancellationException e) {
      return Optional.of(new ImageException(new ImageFailure.Interrupted(resource), e));
    } catch (InterruptedException e) {
      all.forEach(future -> future.cancel(true));
      Thread.currentThread().interrupt();
      return Optional.of(new ImageException(new ImageFailure.Interrupted(resource), e));
    }
  }

  /** False if it was not tried, because another layer has failed: that failure is what is told. */
  private boolean fetchLayer(
      Request request, Descriptor blob, Digest diffId, AtomicBoolean abandoned)
      throws ImageException {
    if (abandoned.get()) {
      return false;
    }
    try {
      ensure(request, blob, diffId);
      return true;
    } catch (ImageException e) {
      abandoned.set(true);
      throw e;
    }
  }

  private void ensure(Request request, Descriptor blob, Digest diffId) throws ImageException {
    boolean resumes = Files.exists(layout.partial(blob.digest(), diffId));
    try {
      layers.ensure(diffId, (files, replaced) -> unpack(request, blob, diffId, files, replaced));
    } catch (ImageException e) {
      if (!resumes || !isContent(e.failure())) {
        throw e;
      }
      // The partial file may be what was damaged. It is gone now, and a second try starts afresh.
      layers.ensure(diffId, (files, replaced) -> unpack(request, blob, diffId, files, replaced));
    }
  }

  private LayerSize unpack(
      Request request, Descriptor blob, Digest diffId, Path files, Path replaced)
      throws ImageException {
    boolean keeps = blob.sizeBytes() >= PARTIAL_BYTES_MIN;
    Optional<Path> partial =
        keeps ? Optional.of(layout.partial(blob.digest(), diffId)) : Optional.empty();
    try (BlobStream stream =
        registry.blob(
            request.reference(),
            request.credentials(),
            blob,
            partial,
            position -> request.progress().onLayer(blob.digest(), position, blob.sizeBytes()))) {
      LayerSize size = unpackVerified(stream, diffId, files, replaced);
      discard(partial);
      return size;
    } catch (ImageException e) {
      if (isContent(e.failure())) {
        discard(partial); // Going on from what is wrong would stay wrong.
      }
      throw e;
    } catch (IOException e) {
      throw new ImageException(new ImageFailure.StorageFailed(e.toString()), e);
    }
  }

  private LayerSize unpackVerified(BlobStream stream, Digest diffId, Path files, Path replaced)
      throws IOException {
    LayerSize size;
    try {
      size = LayerUnpacker.unpack(stream, files, replaced, diffId, limits);
    } catch (ImageException e) {
      if (isContent(e.failure()) && stream.remainingBytes() <= DIAGNOSIS_BYTES_MAX) {
        stream.verify(); // A blob damaged on its way fails here, and with the better reason.
      }
      throw e;
    }
    stream.verify();
    return size;
  }

  private static boolean isContent(ImageFailure failure) {
    return failure instanceof ImageFailure.LayerRefused
        || failure instanceof ImageFailure.ContentMismatch;
  }

  private static void discard(Optional<Path> partial) throws ImageException {
    if (partial.isPresent()) {
      try {
        Files.deleteIfExists(partial.get());
      } catch (IOException e) {
        throw new ImageException(new ImageFailure.StorageFailed(e.toString()), e);
      }
    }
  }
}
