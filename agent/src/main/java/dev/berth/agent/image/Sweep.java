package dev.berth.agent.image;

import dev.berth.model.image.Digest;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One sweep of the store. What goes is chosen and hidden under the store's lock, and deleted
 * outside of it.
 */
final class Sweep {
  /** A download that nobody went on with for so long will not be. */
  private static final Duration PARTIAL_AGE_MAX = Duration.ofDays(1);

  private final ImageCatalog catalog;
  private final LayerStore layers;
  private final Leases leases;
  private final StagingArea staging;
  private final StoreLayout layout;
  private final Object lock;
  private final List<Path> withdrawn = new ArrayList<>();
  private long bytesFreed;

  Sweep(
      ImageCatalog catalog,
      LayerStore layers,
      Leases leases,
      StagingArea staging,
      StoreLayout layout,
      Object lock) {
    this.catalog = catalog;
    this.layers = layers;
    this.leases = leases;
    this.staging = staging;
    this.layout = layout;
    this.lock = lock;
  }

  ImageStore.Swept run(long bytesMax, Instant now) throws IOException {
    long bytesLeft;
    synchronized (lock) {
      withdrawUnneeded();
      Set<Digest> named = Set.copyOf(catalog.localNames().values());
      List<Map.Entry<Digest, ImageCatalog.Entry>> oldestFirst =
          new ArrayList<>(catalog.images().entrySet());
      oldestFirst.sort(Comparator.comparing(entry -> entry.getValue().usedAt()));
      for (var entry : oldestFirst) {
        boolean kept = leases.isLeased(entry.getKey()) || named.contains(entry.getKey());
        if (layers.footprintBytes() > bytesMax && !kept) {
          catalog.remove(entry.getKey());
          withdrawUnneeded();
        }
      }
      bytesLeft = layers.footprintBytes();
    }
    for (Path layer : withdrawn) {
      staging.remove(layer);
    }
    removeOldPartials(now.minus(PARTIAL_AGE_MAX));
    return new ImageStore.Swept(withdrawn.size(), bytesFreed, bytesLeft);
  }

  private void withdrawUnneeded() throws IOException {
    Set<Digest> needed = new HashSet<>();
    catalog
        .images()
        .values()
        .forEach(entry -> needed.addAll(entry.image().description().diffIds()));
    for (Digest layer : layers.all()) {
      if (!needed.contains(layer) && !leases.isPinned(layer)) {
        bytesFreed += layers.footprintBytes(layer);
        withdrawn.add(layers.withdraw(layer));
      }
    }
  }

  private void removeOldPartials(Instant oldest) throws IOException {
    try (DirectoryStream<Path> partials = Files.newDirectoryStream(layout.partials())) {
      for (Path partial : partials) {
        if (Files.getLastModifiedTime(partial).toInstant().isBefore(oldest)) {
          Files.deleteIfExists(partial);
        }
      }
    }
  }
}
