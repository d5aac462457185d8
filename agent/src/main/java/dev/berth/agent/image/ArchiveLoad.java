package dev.berth.agent.image;

import dev.berth.agent.image.ArchiveLoader.Found;
import dev.berth.agent.image.layer.ArchiveFile;
import dev.berth.agent.image.layer.LayerLimits;
import dev.berth.agent.image.layer.LayerStream;
import dev.berth.agent.image.layer.LayerUnpacker;
import dev.berth.model.image.Digest;
import dev.berth.model.image.ImageException;
import dev.berth.model.image.ImageFailure;
import dev.berth.model.image.ImageReference;
import dev.berth.model.image.Platform;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;

/** One load of an archive: finds its images, unpacks their layers, and hands them to the store. */
final class ArchiveLoad {
  private final StagingArea staging;
  private final LayerStore layers;
  private final LayerLimits limits;
  private final ExecutorService unpackers;
  private final Receiver receiver;

  /** Unpacks the layers of one image. */
  @FunctionalInterface
  interface Step {
    void run() throws IOException;
  }

  /** Takes one image in, calling the step once its layers are safe from a sweep. */
  @FunctionalInterface
  interface Receiver {
    void add(Found found, List<ImageReference> names, Step unpack) throws IOException;
  }

  ArchiveLoad(
      StagingArea staging,
      LayerStore layers,
      LayerLimits limits,
      ExecutorService unpackers,
      Receiver receiver) {
    this.staging = staging;
    this.layers = layers;
    this.limits = limits;
    this.unpackers = unpackers;
    this.receiver = receiver;
  }

  List<ImageStore.Loaded> load(Path file, Optional<ImageReference> name, Platform platform)
      throws ImageException {
    Path plain = staging.fresh();
    try {
      return loadAs(plain, file, name, platform);
    } catch (ImageException e) {
      throw e;
    } catch (IOException e) {
      throw new ImageException(new ImageFailure.ArchiveInvalid(file.toString(), e.toString()), e);
    } finally {
      delete(plain);
    }
  }

  private List<ImageStore.Loaded> loadAs(
      Path plain, Path file, Optional<ImageReference> name, Platform platform) throws IOException {
    try (var in = Files.newInputStream(file);
        var decompressed = new LayerStream(in, limits)) {
      boolean compressed = decompressed.isCompressed();
      if (compressed) {
        Files.copy(decompressed, plain);
      }
      try (ArchiveFile archive = ArchiveFile.open(compressed ? plain : file)) {
        List<Found> found = new ArchiveLoader(archive, file.toString(), platform).images();
        if (name.isPresent() && found.size() > 1) {
          throw new ImageException(
              new ImageFailure.ArchiveInvalid(
                  file.toString(),
                  "it holds " + found.size() + " images, which cannot all be " + name.get()));
        }
        return unpackers.submit(() -> add(archive, file, found, name)).get();
      }
    } catch (ExecutionException e) {
      throw failure(e, file);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ImageException(new ImageFailure.Interrupted(file.toString()), e);
    }
  }

  private static void delete(Path plain) throws ImageException {
    try {
      Files.deleteIfExists(plain);
    } catch (IOException e) {
      throw new ImageException(new ImageFailure.StorageFailed(e.toString()), e);
    }
  }

  private static ImageException failure(ExecutionException e, Path file) {
    return switch (e.getCause()) {
      case ImageException known -> known;
      case IOException io -> new ImageException(new ImageFailure.StorageFailed(io.toString()), io);
      case null, default -> throw new IllegalStateException("load of " + file, e);
    };
  }

  private List<ImageStore.Loaded> add(
      ArchiveFile archive, Path file, List<Found> images, Optional<ImageReference> name)
      throws IOException {
    List<ImageStore.Loaded> loaded = new ArrayList<>();
    for (Found found : images) {
      List<ImageReference> names = name.isPresent() ? List.of(name.get()) : found.names();
      if (names.isEmpty()) {
        throw new ImageException(
            new ImageFailure.ArchiveInvalid(
                file.toString(), "it does not say the image's name: give NAME:TAG"));
      }
      receiver.add(found, names, () -> unpackAll(archive, file, found));
      loaded.add(new ImageStore.Loaded(found.manifest(), names));
    }
    return loaded;
  }

  private void unpackAll(ArchiveFile archive, Path file, Found found) throws IOException {
    for (ArchiveLoader.Layer layer : found.layers()) {
      layers.ensure(
          layer.diffId(),
          (files, replaced) -> {
            InputStream content =
                archive
                    .read(layer.member())
                    .orElseThrow(
                        () ->
                            new ImageException(
                                new ImageFailure.ArchiveInvalid(
                                    file.toString(), "it has no " + layer.member())));
            MessageDigest running = Digest.start();
            try (var hashed = new DigestInputStream(content, running)) {
              var size = LayerUnpacker.unpack(hashed, files, replaced, layer.diffId(), limits);
              hashed.transferTo(OutputStream.nullOutputStream());
              checkBlob(layer, Digest.of(running));
              return size;
            } catch (ImageException e) {
              throw e;
            } catch (IOException e) {
              throw new ImageException(new ImageFailure.StorageFailed(e.toString()), e);
            }
          });
    }
    layers.sync();
  }

  private static void checkBlob(ArchiveLoader.Layer layer, Digest actual) throws ImageException {
    if (layer.blob().isPresent() && !layer.blob().get().equals(actual)) {
      throw new ImageException(
          new ImageFailure.ContentMismatch(
              "blob " + layer.member(), layer.blob().get().toString(), actual.toString()));
    }
  }
}
