package dev.berth.agent.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.agent.image.manifest.ImageDocuments;
import dev.berth.model.image.Digest;
import dev.berth.model.image.ImageDescription;
import dev.berth.model.image.ImageReference;
import dev.berth.model.image.Platform;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which images are here, and by which names. Held in memory, and in one small file each. Guarded by
 * the store's lock.
 */
final class ImageCatalog {
  private static final int FORMAT = 1;
  private static final String LOCAL = "local ";

  private final StoreLayout layout;
  private final StagingArea staging;
  private final InstantSource clock;
  private final Map<Digest, Entry> images = new HashMap<>();

  /** Local names, and entries of indexes as {@code "<digest> <platform>"}. */
  private final Map<String, Digest> names = new HashMap<>();

  /** One image, when it was last asked for, and what is handed out for it. */
  record Entry(Image image, Instant usedAt) {}

  private ImageCatalog(StoreLayout layout, StagingArea staging, InstantSource clock) {
    this.layout = layout;
    this.staging = staging;
    this.clock = clock;
  }

  static ImageCatalog open(
      StoreLayout layout, StagingArea staging, LayerStore layers, InstantSource clock)
      throws IOException {
    var catalog = new ImageCatalog(layout, staging, clock);
    for (Path file : files(layout.images())) {
      JsonNode json = ImageDocuments.json(Files.readAllBytes(file), file.toString());
      Digest manifest = new Digest(json.path("manifest").asText());
      ImageDescription description =
          ImageDocuments.description(
              json.path("config").asText().getBytes(StandardCharsets.UTF_8), file.toString());
      if (layers.all().containsAll(description.diffIds())) {
        Instant usedAt = Files.getLastModifiedTime(file).toInstant();
        catalog.images.put(manifest, new Entry(catalog.image(manifest, description), usedAt));
      } else {
        Files.delete(file); // A layer was lost in a power cut, or swept just before a kill.
      }
    }
    for (Path file : files(layout.names())) {
      JsonNode json = ImageDocuments.json(Files.readAllBytes(file), file.toString());
      Digest manifest = new Digest(json.path("manifest").asText());
      if (catalog.images.containsKey(manifest)) {
        catalog.names.put(json.path("name").asText(), manifest);
      } else {
        Files.delete(file);
      }
    }
    return catalog;
  }

  private static List<Path> files(Path directory) throws IOException {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory, "*.json")) {
      stream.forEach(files::add);
    }
    return files;
  }

  private Image image(Digest manifest, ImageDescription description) {
    // Of a repeated layer only the uppermost shows: it hides all that the same layer says below.
    List<Path> topFirst =
        description.diffIds().reversed().stream().distinct().map(layout::layerFiles).toList();
    return new Image(manifest, description, topFirst.reversed());
  }

  /** Finds a manifest's image, or an index's for a platform. */
  Optional<Image> byDigest(Digest digest, Platform platform) {
    Digest manifest = names.getOrDefault(digest + " " + platform, digest);
    return used(manifest);
  }

  Optional<Image> byLocalName(ImageReference reference) {
    return Optional.ofNullable(names.get(LOCAL + reference)).flatMap(this::used);
  }

  private Optional<Image> used(Digest manifest) {
    Entry entry =
        images.computeIfPresent(manifest, (_, known) -> new Entry(known.image(), clock.instant()));
    return Optional.ofNullable(entry).map(Entry::image);
  }

  Map<Digest, Entry> images() {
    return Map.copyOf(images);
  }

  /** Names given by load, with the manifests that they lead to. */
  Map<String, Digest> localNames() {
    Map<String, Digest> local = new HashMap<>();
    names.forEach(
        (name, manifest) -> {
          if (name.startsWith(LOCAL)) {
            local.put(name.substring(LOCAL.length()), manifest);
          }
        });
    return local;
  }

  Image add(Digest manifest, ImageDescription description, String rawConfig) throws IOException {
    ObjectNode json = record(manifest).put("config", rawConfig);
    staging.publish(bytes(json), layout.images().resolve(manifest.hex() + ".json"));
    Image image = image(manifest, description);
    images.put(manifest, new Entry(image, clock.instant()));
    return image;
  }

  void nameIndexEntry(Digest index, Platform platform, Digest manifest) throws IOException {
    name(index + " " + platform, manifest);
  }

  void nameLocally(ImageReference reference, Digest manifest) throws IOException {
    name(LOCAL + reference, manifest);
  }

  private void name(String name, Digest manifest) throws IOException {
    if (manifest.equals(names.get(name))) {
      return;
    }
    staging.publish(bytes(record(manifest).put("name", name)), nameFile(name));
    names.put(name, manifest);
  }

  boolean forgetLocalName(ImageReference reference) throws IOException {
    Files.deleteIfExists(nameFile(LOCAL + reference));
    return names.remove(LOCAL + reference) != null;
  }

  /**
   * Forgets an image and its names. Its record goes first, so that a kill leaves no record without
   * layers.
   */
  void remove(Digest manifest) throws IOException {
    Files.deleteIfExists(layout.images().resolve(manifest.hex() + ".json"));
    images.remove(manifest);
    for (String name : List.copyOf(names.keySet())) {
      if (manifest.equals(names.get(name))) {
        Files.deleteIfExists(nameFile(name));
        names.remove(name);
      }
    }
  }

  private Path nameFile(String name) {
    return layout.names().resolve(Digest.of(name.getBytes(StandardCharsets.UTF_8)).hex() + ".json");
  }

  private static ObjectNode record(Digest manifest) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("format", FORMAT)
        .put("manifest", manifest.hex());
  }

  private static byte[] bytes(ObjectNode json) {
    return json.toString().getBytes(StandardCharsets.UTF_8);
  }
}
