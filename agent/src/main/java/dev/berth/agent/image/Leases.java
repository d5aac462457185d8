package dev.berth.agent.image;

import dev.berth.model.image.Digest;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Who uses which image, and which layers a pull is about to need. Guarded by the store's lock.
 *
 * <p>Leases are empty files, so that they outlive the process with the tasks that hold them; they
 * are not synced, because no task outlives the machine.
 */
final class Leases {
  private final Path directory;
  private final Map<LeaseOwner, Set<Digest>> byOwner = new HashMap<>();
  private final Map<Digest, Integer> pins = new HashMap<>();

  private Leases(Path directory) {
    this.directory = directory;
  }

  static Leases open(Path directory) throws IOException {
    var leases = new Leases(directory);
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        String name = String.valueOf(file.getFileName());
        int at = name.lastIndexOf('@');
        Optional<Digest> manifest = Digest.parse("sha256:" + name.substring(at + 1));
        if (at > 0 && manifest.isPresent()) {
          leases.ofOwner(new LeaseOwner(name.substring(0, at))).add(manifest.get());
        }
      }
    }
    return leases;
  }

  private Set<Digest> ofOwner(LeaseOwner owner) {
    return byOwner.computeIfAbsent(owner, _ -> new HashSet<>());
  }

  private Path file(LeaseOwner owner, Digest manifest) {
    return directory.resolve(owner.value() + "@" + manifest.hex());
  }

  void add(LeaseOwner owner, Digest manifest) throws IOException {
    if (ofOwner(owner).contains(manifest)) {
      return;
    }
    try {
      Files.createFile(file(owner, manifest));
    } catch (FileAlreadyExistsException e) {
      // A release that was interrupted left it: taking it again is what is wanted.
    }
    ofOwner(owner).add(manifest);
  }

  void release(LeaseOwner owner) throws IOException {
    Set<Digest> manifests = byOwner.getOrDefault(owner, Set.of());
    for (Digest manifest : manifests) {
      Files.deleteIfExists(file(owner, manifest));
    }
    byOwner.remove(owner);
  }

  Set<LeaseOwner> owners() {
    return Set.copyOf(byOwner.keySet());
  }

  boolean isLeased(Digest manifest) {
    return byOwner.values().stream().anyMatch(manifests -> manifests.contains(manifest));
  }

  void pin(Collection<Digest> layers) {
    layers.forEach(layer -> pins.merge(layer, 1, Integer::sum));
  }

  void unpin(Collection<Digest> layers) {
    layers.forEach(
        layer -> pins.computeIfPresent(layer, (_, count) -> count == 1 ? null : count - 1));
  }

  boolean isPinned(Digest layer) {
    return pins.containsKey(layer);
  }
}
