package dev.berth.agent.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.berth.agent.image.layer.LayerSize;
import dev.berth.agent.image.manifest.ImageDocuments;
import dev.berth.agent.linux.FileSystemCalls;
import dev.berth.model.image.Digest;
import dev.berth.model.image.ImageException;
import dev.berth.model.image.ImageFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;

/**
 * Unpacked layers by diff id.
 *
 * <p>A layer appears with one rename, when it is complete and verified, and may be used at once: a
 * killed process loses nothing that the kernel has. A power cut may, so a layer carries the id of
 * the boot that wrote it until {@link #sync} has brought it to disk, and one of an earlier boot
 * without that is not believed. So no launch waits for the disk.
 */
final class LayerStore {
  private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");
  private static final int FORMAT = 1;
  private static final int FILE_OVERHEAD_BYTES = 4096;

  /**
   * A joined unpacking may fail for a reason of the one who did it, such as its credentials: then
   * try it oneself.
   */
  private static final int ATTEMPT_COUNT_MAX = 2;

  private final StoreLayout layout;
  private final StagingArea staging;
  private final String bootId;
  private final Map<Digest, Long> footprints = new ConcurrentHashMap<>();
  private final Map<Digest, CompletableFuture<Void>> running = new ConcurrentHashMap<>();
  private final Set<Digest> volatileLayers = ConcurrentHashMap.newKeySet();

  /**
   * Fills two empty directories of one staging place: the layer's, and one for what the layer
   * itself replaces.
   */
  @FunctionalInterface
  interface Unpacking {
    LayerSize into(Path files, Path replaced) throws ImageException;
  }

  private LayerStore(StoreLayout layout, StagingArea staging, String bootId) {
    this.layout = layout;
    this.staging = staging;
    this.bootId = bootId;
  }

  static LayerStore open(StoreLayout layout, StagingArea staging) throws IOException {
    String bootId = Files.readString(BOOT_ID, StandardCharsets.US_ASCII).strip();
    var store = new LayerStore(layout, staging, bootId);
    try (DirectoryStream<Path> directories = Files.newDirectoryStream(layout.layers())) {
      for (Path directory : directories) {
        store.adopt(directory);
      }
    }
    return store;
  }

  private void adopt(Path directory) throws IOException {
    Optional<Digest> diffId = Digest.parse("sha256:" + directory.getFileName());
    Path record = directory.resolve("layer.json");
    boolean durable = Files.exists(directory.resolve("durable"));
    if (diffId.isPresent() && Files.exists(record)) {
      try {
        JsonNode json = ImageDocuments.json(Files.readAllBytes(record), record.toString());
        boolean written = durable || json.path("bootId").asText().equals(bootId);
        if (written && json.path("format").asInt() == FORMAT) {
          footprints.put(diffId.get(), json.path("footprintBytes").asLong());
          if (!durable) {
            volatileLayers.add(diffId.get());
          }
          return;
        }
      } catch (ImageException e) {
        // A record cut off by a power failure: the layer goes, as one without a record does.
      }
    }
    staging.remove(staging.withdraw(directory));
  }

  boolean contains(Digest diffId) {
    return footprints.containsKey(diffId);
  }

  Set<Digest> all() {
    return Set.copyOf(footprints.keySet());
  }

  long footprintBytes(Digest diffId) {
    return footprints.getOrDefault(diffId, 0L);
  }

  long footprintBytes() {
    return footprints.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Unpacks a layer unless it is here, once for all who ask at the same time. */
  void ensure(Digest diffId, Unpacking unpacking) throws ImageException {
    for (int attempt = 1; !contains(diffId); attempt++) {
      var mine = new CompletableFuture<Void>();
      CompletableFuture<Void> other = running.putIfAbsent(diffId, mine);
      if (other != null) {
        Optional<ImageException> failed = await(other, diffId);
        if (failed.isPresent() && attempt >= ATTEMPT_COUNT_MAX) {
          throw failed.get();
        }
        continue;
      }
      try {
        if (!contains(diffId)) {
          unpack(diffId, unpacking);
        }
        mine.complete(null);
        return;
      } catch (ImageException e) {
        mine.completeExceptionally(e);
        throw e;
      } finally {
        running.remove(diffId);
        mine.cancel(false); // Ends the wait of others if this ended by an error of our own.
      }
    }
  }

  private static Optional<ImageException> await(CompletableFuture<Void> other, Digest diffId)
      throws ImageException {
    try {
      other.get();
      return Optional.empty();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof ImageException failed) {
        return Optional.of(new ImageException(failed.failure(), failed));
      }
      throw new IllegalStateException("layer " + diffId, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ImageException(new ImageFailure.Interrupted("layer " + diffId), e);
    }
  }

  private void unpack(Digest diffId, Unpacking unpacking) throws ImageException {
    try {
      Path place = staging.create();
      try {
        var worldReadable =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x"));
        Path files = Files.createDirectory(place.resolve("fs"), worldReadable);
        Path replaced = Files.createDirectory(staging.fresh());
        LayerSize size;
        try {
          size = unpacking.into(files, replaced);
        } finally {
          staging.remove(replaced);
        }
        long footprint = size.bytes() + (long) size.entryCount() * FILE_OVERHEAD_BYTES;
        Files.write(place.resolve("layer.json"), record(footprint));
        volatileLayers.add(diffId);
        Files.move(place, layout.layer(diffId), StandardCopyOption.ATOMIC_MOVE);
        footprints.put(diffId, footprint);
      } finally {
        staging.remove(place);
      }
    } catch (ImageException e) {
      throw e;
    } catch (IOException e) {
      throw new ImageException(new ImageFailure.StorageFailed(e.toString()), e);
    }
  }

  private byte[] record(long footprintBytes) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("format", FORMAT)
        .put("footprintBytes", footprintBytes)
        .put("bootId", bootId)
        .toString()
        .getBytes(StandardCharsets.UTF_8);
  }

  /** Brings all layers to disk. Call it on a platform thread. */
  void sync() throws IOException {
    Set<Digest> layers = new HashSet<>(volatileLayers);
    layers.retainAll(footprints.keySet());
    if (layers.isEmpty()) {
      return;
    }
    try (var calls = new FileSystemCalls()) {
      int directory = calls.openDirectory(layout.layers());
      try {
        calls.syncFileSystem(directory);
      } finally {
        calls.close(directory);
      }
    }
    for (Digest diffId : layers) {
      markDurable(diffId);
      volatileLayers.remove(diffId);
    }
  }

  private void markDurable(Digest diffId) throws IOException {
    try {
      Files.createFile(layout.layer(diffId).resolve("durable"));
    } catch (FileAlreadyExistsException | NoSuchFileException e) {
      // Marked before, or swept meanwhile.
    }
  }

  /** Takes a layer out of the store; the caller removes what is returned. */
  Path withdraw(Digest diffId) throws IOException {
    footprints.remove(diffId);
    volatileLayers.remove(diffId);
    return staging.withdraw(layout.layer(diffId));
  }
}
