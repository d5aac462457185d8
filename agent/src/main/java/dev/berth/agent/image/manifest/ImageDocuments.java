package dev.berth.agent.image.manifest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.berth.model.image.Digest;
import dev.berth.model.image.ImageConfig;
import dev.berth.model.image.ImageDescription;
import dev.berth.model.image.ImageDescription.HealthCheck;
import dev.berth.model.image.ImageException;
import dev.berth.model.image.ImageFailure;
import dev.berth.model.image.Platform;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads image documents. What they say is checked here once, so that nobody else has to. */
public final class ImageDocuments {
  /** The bound that registries themselves set. */
  public static final int DOCUMENT_BYTES_MAX = 4 << 20;

  /** Docker's bound; overlayfs takes 500. */
  public static final int LAYER_COUNT_MAX = 127;

  public static final int INDEX_ENTRY_COUNT_MAX = 1000;

  public static final String DOCKER_MANIFEST =
      "application/vnd.docker.distribution.manifest.v2+json";
  public static final String DOCKER_LIST =
      "application/vnd.docker.distribution.manifest.list.v2+json";
  public static final String OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json";
  public static final String OCI_INDEX = "application/vnd.oci.image.index.v1+json";

  private static final ObjectMapper JSON = new ObjectMapper();

  private ImageDocuments() {}

  /** Reads any JSON object. */
  public static JsonNode json(byte[] document, String resource) throws ImageException {
    try {
      JsonNode node = JSON.readTree(document);
      if (node == null) {
        throw invalid(resource, "it is empty");
      }
      return node;
    } catch (ImageException e) {
      throw e;
    } catch (JsonProcessingException e) {
      throw invalid(resource, "it is not JSON: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw new ImageException(
          new ImageFailure.InvalidManifest(resource, String.valueOf(e.getMessage())), e);
    }
  }

  /**
   * Reads a manifest or an index.
   *
   * @param resource for messages
   */
  public static Manifest manifest(byte[] document, String resource) throws ImageException {
    JsonNode node = json(document, resource);
    if (node.path("schemaVersion").asInt() != 2) {
      throw invalid(resource, "it is of schema version 1, which registries gave up");
    }
    boolean hasManifests = node.path("manifests").isArray();
    if (hasManifests == node.path("layers").isArray()) {
      throw invalid(resource, "it is neither an image nor an index");
    }
    if (hasManifests) {
      return new Manifest.Index(
          descriptors(node.path("manifests"), INDEX_ENTRY_COUNT_MAX, resource));
    }
    Descriptor config = descriptor(node.path("config"), resource);
    return new Manifest.Single(config, descriptors(node.path("layers"), LAYER_COUNT_MAX, resource));
  }

  /**
   * The entry of an index that runs on a platform: the most special variant, then the first one.
   */
  public static Descriptor choose(Manifest.Index index, Platform wanted, String resource)
      throws ImageException {
    Optional<Descriptor> chosen = Optional.empty();
    for (Descriptor candidate : index.manifests()) {
      Optional<Platform> platform = candidate.platform();
      boolean runs = platform.isPresent() && wanted.runs(platform.get());
      boolean special = runs && platform.get().variant().isPresent();
      if (runs && (chosen.isEmpty() || (special && isBaseline(chosen.get())))) {
        chosen = Optional.of(candidate);
      }
    }
    // Archives of one image often leave the platform to the configuration, which is checked later.
    if (chosen.isEmpty()
        && index.manifests().size() == 1
        && index.manifests().getFirst().platform().isEmpty()) {
      return index.manifests().getFirst();
    }
    return chosen.orElseThrow(
        () -> new ImageException(new ImageFailure.NoMatchingPlatform(resource, wanted)));
  }

  private static boolean isBaseline(Descriptor descriptor) {
    return descriptor.platform().flatMap(Platform::variant).isEmpty();
  }

  /** Reads an image's configuration, in the form of OCI and Docker, which is the same. */
  public static ImageDescription description(byte[] document, String resource)
      throws ImageException {
    JsonNode root = json(document, resource);
    JsonNode node = root.path("config");
    List<Digest> diffIds = new ArrayList<>();
    for (JsonNode diffId : root.path("rootfs").path("diff_ids")) {
      diffIds.add(digest(diffId, resource));
    }
    if (diffIds.size() > LAYER_COUNT_MAX) {
      throw invalid(resource, "it has more than " + LAYER_COUNT_MAX + " layers");
    }
    var platform =
        new Platform(
            root.path("os").asText("linux"),
            root.path("architecture").asText(""),
            Optional.of(root.path("variant").asText("")));
    var config =
        new ImageConfig(
            environment(node.path("Env")),
            texts(node.path("Entrypoint")),
            texts(node.path("Cmd")),
            nonEmpty(node.path("User")),
            nonEmpty(node.path("WorkingDir")),
            List.copyOf(keys(node.path("Volumes"))),
            nonEmpty(node.path("StopSignal")));
    return new ImageDescription(
        platform,
        config,
        keys(node.path("ExposedPorts")),
        map(node.path("Labels")),
        healthCheck(node.path("Healthcheck")),
        diffIds);
  }

  private static Map<String, String> environment(JsonNode array) {
    Map<String, String> environment = new LinkedHashMap<>();
    for (String entry : texts(array)) {
      int equals = entry.indexOf('=');
      if (equals > 0) {
        environment.put(entry.substring(0, equals), entry.substring(equals + 1));
      }
    }
    return environment;
  }

  private static Optional<String> nonEmpty(JsonNode node) {
    return Optional.of(node.asText("")).filter(text -> !text.isEmpty());
  }

  private static Optional<HealthCheck> healthCheck(JsonNode node) {
    List<String> test = texts(node.path("Test"));
    if (test.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new HealthCheck(
            test,
            Duration.ofNanos(node.path("Interval").asLong()),
            Duration.ofNanos(node.path("Timeout").asLong()),
            Duration.ofNanos(node.path("StartPeriod").asLong()),
            node.path("Retries").asInt()));
  }

  private static List<Descriptor> descriptors(JsonNode nodes, int countMax, String resource)
      throws ImageException {
    if (nodes.size() > countMax) {
      throw invalid(resource, "it lists more than " + countMax + " entries");
    }
    List<Descriptor> descriptors = new ArrayList<>(nodes.size());
    for (JsonNode node : nodes) {
      descriptors.add(descriptor(node, resource));
    }
    return List.copyOf(descriptors);
  }

  private static Descriptor descriptor(JsonNode node, String resource) throws ImageException {
    long size = node.path("size").asLong(-1);
    if (size < 0) {
      throw invalid(resource, "an entry has no size");
    }
    JsonNode platform = node.path("platform");
    return new Descriptor(
        node.path("mediaType").asText(""),
        digest(node.path("digest"), resource),
        size,
        platform.isObject() ? Optional.of(platform(platform)) : Optional.empty(),
        map(node.path("annotations")));
  }

  private static Platform platform(JsonNode node) {
    return new Platform(
        node.path("os").asText(""),
        node.path("architecture").asText(""),
        Optional.of(node.path("variant").asText("")));
  }

  private static Digest digest(JsonNode node, String resource) throws ImageException {
    String text = node.asText("");
    return Digest.parse(text)
        .orElseThrow(() -> invalid(resource, "'" + text + "' is not a sha256 digest"));
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    for (JsonNode node : array) {
      texts.add(node.asText());
    }
    return texts;
  }

  private static Set<String> keys(JsonNode object) {
    Set<String> keys = new LinkedHashSet<>();
    object.fieldNames().forEachRemaining(keys::add);
    return keys;
  }

  private static Map<String, String> map(JsonNode object) {
    Map<String, String> map = new LinkedHashMap<>();
    object.properties().forEach(entry -> map.put(entry.getKey(), entry.getValue().asText()));
    return map;
  }

  private static ImageException invalid(String resource, String why) {
    return new ImageException(new ImageFailure.InvalidManifest(resource, why));
  }
}
