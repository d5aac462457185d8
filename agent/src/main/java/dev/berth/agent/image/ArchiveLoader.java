package dev.berth.agent.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.agent.image.layer.ArchiveFile;
import dev.berth.agent.image.manifest.Descriptor;
import dev.berth.agent.image.manifest.ImageDocuments;
import dev.berth.agent.image.manifest.Manifest;
import dev.berth.model.image.Digest;
import dev.berth.model.image.ImageDescription;
import dev.berth.model.image.ImageException;
import dev.berth.model.image.ImageFailure;
import dev.berth.model.image.ImageReference;
import dev.berth.model.image.Platform;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads what images an archive holds: an OCI layout, or Docker's format with its manifest.json.
 * Newer Docker writes both into one file, and then the OCI layout is read, because it has digests
 * for everything.
 */
final class ArchiveLoader {
  private static final int NESTED_INDEX_COUNT_MAX = 3;
  private static final int IMAGE_COUNT_MAX = 100;
  private static final String CONTAINERD_NAME = "io.containerd.image.name";
  private static final String OCI_NAME = "org.opencontainers.image.ref.name";

  private final ArchiveFile archive;
  private final String file;
  private final Platform platform;

  /**
   * @param file for messages
   */
  ArchiveLoader(ArchiveFile archive, String file, Platform platform) {
    this.archive = archive;
    this.file = file;
    this.platform = platform;
  }

  /**
   * One image of the archive.
   *
   * @param names that the archive gives it
   * @param layers lowest first, as in the configuration
   */
  record Found(
      Digest manifest,
      ImageDescription description,
      String rawConfig,
      List<ImageReference> names,
      List<Layer> layers) {}

  /**
   * Where a layer is.
   *
   * @param blob of the member, if the archive says it; the diff id is checked in any case
   */
  record Layer(String member, Digest diffId, Optional<Digest> blob) {}

  List<Found> images() throws IOException {
    if (archive.contains("index.json")) {
      return ociImages();
    }
    if (archive.contains("manifest.json")) {
      return dockerImages();
    }
    throw invalid("it is neither an OCI nor a Docker image archive");
  }

  private List<Found> ociImages() throws IOException {
    Manifest index = ImageDocuments.manifest(document("index.json"), file);
    if (!(index instanceof Manifest.Index top)) {
      throw invalid("its index.json is no index");
    }
    // Several images, unless the entries are one image for several platforms.
    boolean platforms = top.manifests().stream().anyMatch(entry -> entry.platform().isPresent());
    boolean named = top.manifests().stream().anyMatch(entry -> !name(entry).isEmpty());
    List<Descriptor> entries =
        platforms && !named ? List.of(ImageDocuments.choose(top, platform, file)) : top.manifests();
    checkCount(entries.size());
    List<Found> found = new ArrayList<>();
    for (Descriptor entry : entries) {
      found.add(ociImage(entry, names(entry), 0));
    }
    return found;
  }

  private Found ociImage(Descriptor entry, List<ImageReference> names, int depth)
      throws IOException {
    return switch (ImageDocuments.manifest(blob(entry), file)) {
      case Manifest.Index nested -> {
        if (depth >= NESTED_INDEX_COUNT_MAX) {
          throw invalid("its indexes are nested too deep");
        }
        yield ociImage(ImageDocuments.choose(nested, platform, file), names, depth + 1);
      }
      case Manifest.Single single -> {
        byte[] raw = blob(single.config());
        ImageDescription description = checkedDescription(raw, single.layers().size());
        List<Layer> layers = new ArrayList<>();
        for (int i = 0; i < single.layers().size(); i++) {
          Digest blob = single.layers().get(i).digest();
          layers.add(new Layer(blobName(blob), description.diffIds().get(i), Optional.of(blob)));
        }
        yield new Found(entry.digest(), description, text(raw), names, layers);
      }
    };
  }

  private static String name(Descriptor entry) {
    return entry
        .annotations()
        .getOrDefault(CONTAINERD_NAME, entry.annotations().getOrDefault(OCI_NAME, ""));
  }

  /**
   * The name of an entry, if it is a whole one: {@code latest} alone is a tag of we do not know
   * what.
   */
  private static List<ImageReference> names(Descriptor entry) throws ImageException {
    String name = name(entry);
    boolean whole = name.indexOf(':') > 0 || name.indexOf('/') > 0;
    return whole ? List.of(ImageReference.parse(name)) : List.of();
  }

  private byte[] blob(Descriptor descriptor) throws IOException {
    byte[] content = document(blobName(descriptor.digest()));
    Digest actual = Digest.of(content);
    if (!actual.equals(descriptor.digest())) {
      throw new ImageException(
          new ImageFailure.ContentMismatch(
              file, descriptor.digest().toString(), actual.toString()));
    }
    return content;
  }

  private static String blobName(Digest digest) {
    return "blobs/sha256/" + digest.hex();
  }

  private List<Found> dockerImages() throws IOException {
    JsonNode manifest = ImageDocuments.json(document("manifest.json"), file);
    checkCount(manifest.size());
    List<Found> found = new ArrayList<>();
    for (JsonNode image : manifest) {
      found.add(dockerImage(image));
    }
    return found;
  }

  private Found dockerImage(JsonNode image) throws IOException {
    String configName = image.path("Config").asText();
    byte[] raw = document(configName);
    JsonNode members = image.path("Layers");
    ImageDescription description = checkedDescription(raw, members.size());
    String hex =
        configName.endsWith(".json") ? configName.substring(0, configName.length() - 5) : "";
    Optional<Digest> claimed = Digest.parse("sha256:" + hex);
    if (claimed.isPresent() && !claimed.get().equals(Digest.of(raw))) {
      throw new ImageException(
          new ImageFailure.ContentMismatch(
              file, claimed.get().toString(), Digest.of(raw).toString()));
    }
    List<Layer> layers = new ArrayList<>();
    for (int i = 0; i < members.size(); i++) {
      layers.add(
          new Layer(members.get(i).asText(), description.diffIds().get(i), Optional.empty()));
    }
    List<ImageReference> names = new ArrayList<>();
    for (JsonNode tag : image.path("RepoTags")) {
      names.add(ImageReference.parse(tag.asText()));
    }
    return new Found(dockerManifest(raw, layers), description, text(raw), names, layers);
  }

  /**
   * The archive has no manifest, so the image is known by the one that a push of it uncompressed
   * would make.
   */
  private Digest dockerManifest(byte[] rawConfig, List<Layer> layers) throws ImageException {
    ObjectNode manifest = JsonNodeFactory.instance.objectNode();
    manifest.put("schemaVersion", 2).put("mediaType", ImageDocuments.DOCKER_MANIFEST);
    manifest
        .putObject("config")
        .put("mediaType", "application/vnd.docker.container.image.v1+json")
        .put("size", rawConfig.length)
        .put("digest", Digest.of(rawConfig).toString());
    ArrayNode list = manifest.putArray("layers");
    for (Layer layer : layers) {
      list.addObject()
          .put("mediaType", "application/vnd.docker.image.rootfs.diff.tar")
          .put("size", archive.sizeBytes(layer.member()).orElseThrow(() -> missing(layer.member())))
          .put("digest", layer.diffId().toString());
    }
    return Digest.of(manifest.toString().getBytes(StandardCharsets.UTF_8));
  }

  private ImageDescription checkedDescription(byte[] raw, int layerCount) throws ImageException {
    ImageDescription description = ImageDocuments.description(raw, file);
    if (description.diffIds().size() != layerCount) {
      throw invalid("its layers are not those of its configuration");
    }
    ImagePuller.checkPlatform(description, platform, file);
    return description;
  }

  private byte[] document(String name) throws IOException {
    try (InputStream in = archive.read(name).orElseThrow(() -> missing(name))) {
      byte[] content = in.readNBytes(ImageDocuments.DOCUMENT_BYTES_MAX + 1);
      if (content.length > ImageDocuments.DOCUMENT_BYTES_MAX) {
        throw new ImageException(
            new ImageFailure.TooLarge(name, ImageDocuments.DOCUMENT_BYTES_MAX));
      }
      return content;
    }
  }

  private static String text(byte[] document) {
    return new String(document, StandardCharsets.UTF_8);
  }

  private void checkCount(int count) throws ImageException {
    if (count == 0 || count > IMAGE_COUNT_MAX) {
      throw invalid("it holds " + count + " images");
    }
  }

  private ImageException missing(String name) {
    return invalid("it has no " + name);
  }

  private ImageException invalid(String why) {
    return new ImageException(new ImageFailure.ArchiveInvalid(file, why));
  }
}
