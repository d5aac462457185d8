package dev.berth.api.shape;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Reduces an official service model to the resource that {@link ServiceModel} reads.
 *
 * <p>A tool, run by hand when a service is added or the SDK is raised:
 *
 * <pre>
 * ./mvnw -pl aws-api -am -P reduce-model process-test-classes \
 *     -Dmodel.file=…/ecs/2014-11-13/service-2.json -Dmodel.source='botocore 1.43.11' \
 *     -Dmodel.service=ecs
 * </pre>
 *
 * <p>It takes the models of botocore and those of {@code com.amazonaws:aws-java-sdk-models}, which
 * are written alike. The latter stands still: its ECS of 1.12.797 lacks eight of the operations
 * that the SDK 2.40.2 has, so botocore's is the better source. What the SDK's classes do not have,
 * an operation or a member, is left out. Of a large service, only the operations that a list beside
 * this class names keep their inputs; the others keep their names.
 */
public final class ServiceModelReducer {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final JsonNode model;
  private final String sdkPackage;
  private final Predicate<String> wanted;
  private final TreeMap<String, ObjectNode> shapes = new TreeMap<>();

  private ServiceModelReducer(JsonNode model, String sdkPackage, Predicate<String> wanted) {
    this.model = model;
    this.sdkPackage = sdkPackage;
    this.wanted = wanted;
  }

  /**
   * Arguments: the model's file, what to call its source, the service's name in the SDK, target.
   */
  public static void main(String[] arguments) throws IOException {
    var reducer =
        new ServiceModelReducer(
            JSON.readTree(Path.of(arguments[0]).toFile()),
            "software.amazon.awssdk.services." + arguments[2] + ".model",
            wanted(arguments[2]));
    Files.writeString(Path.of(arguments[3]), reducer.reduce(arguments[1]), UTF_8);
  }

  /** Which operations keep their inputs: those of the service's list, or all where it has none. */
  private static Predicate<String> wanted(String service) throws IOException {
    String name = service + "-operations.txt";
    try (InputStream list = ServiceModelReducer.class.getResourceAsStream(name)) {
      return list == null
          ? _ -> true
          : Set.copyOf(new String(list.readAllBytes(), UTF_8).lines().toList())::contains;
    }
  }

  private String reduce(String source) {
    ObjectNode head = head(source);
    var text = new StringBuilder().append(head).append('\n');
    shapes.values().forEach(shape -> text.append(shape).append('\n'));
    return text.toString();
  }

  private ObjectNode head(String source) {
    JsonNode metadata = model.path("metadata");
    ObjectNode head = JSON.createObjectNode();
    head.put("source", source);
    head.put(
        "signingName",
        metadata.path("signingName").asText(metadata.path("endpointPrefix").asText()));
    head.put("sdkPackage", sdkPackage);
    for (String name :
        Set.of("protocol", "jsonVersion", "targetPrefix", "apiVersion", "xmlNamespace").stream()
            .sorted()
            .toList()) {
      if (metadata.has(name)) {
        head.put(name, metadata.path(name).asText());
      }
    }
    if (metadata.has("awsQueryCompatible")) {
      head.put("queryCompatible", true);
    }
    ObjectNode operations = head.putObject("operations");
    Set<String> errors = new TreeSet<>();
    for (var entry : byName(model.path("operations")).entrySet()) {
      operation(entry.getKey(), entry.getValue(), errors)
          .ifPresent(
              it -> {
                operations.set(entry.getKey(), it);
              });
    }
    ObjectNode errorNodes = head.putObject("errors");
    for (String shape : errors) {
      errorNodes.set(sdkException(shape).orElseThrow(), error(shape));
    }
    return head;
  }

  private Optional<ObjectNode> operation(String name, JsonNode operation, Set<String> allErrors) {
    String sdkName = sdkClass(name + "Request").isPresent() ? name : withoutAcronyms(name);
    Optional<Class<?>> request = sdkClass(sdkName + "Request");
    if (request.isEmpty()) {
      return Optional.empty();
    }
    ObjectNode reduced = JSON.createObjectNode();
    if (!sdkName.equals(name)) {
      reduced.put("sdkName", sdkName);
    }
    if (operation.has("input") && wanted.test(name)) {
      String input = operation.path("input").path("shape").asText();
      reduced.put("input", input);
      SdkShapes.member(request.get()).ifPresent(pojo -> new Walk().structure(input, pojo));
    }
    ArrayNode errors = JSON.createArrayNode();
    for (JsonNode error : operation.path("errors")) {
      String shape = error.path("shape").asText();
      sdkException(shape)
          .ifPresent(
              known -> {
                errors.add(known);
                allErrors.add(shape);
              });
    }
    if (!errors.isEmpty()) {
      reduced.set("errors", errors);
    }
    return Optional.of(reduced);
  }

  /** The SDK writes AssumeRoleWithSAML as AssumeRoleWithSaml. */
  private static String withoutAcronyms(String name) {
    return Pattern.compile("([A-Z])([A-Z]+)(?=[A-Z][a-z]|$)")
        .matcher(name)
        .replaceAll(it -> it.group(1) + it.group(2).toLowerCase(Locale.ROOT));
  }

  private ObjectNode error(String name) {
    JsonNode shape = model.path("shapes").path(name);
    JsonNode error = shape.path("error");
    int status = shape.path("fault").asBoolean() ? 500 : 400;
    ObjectNode reduced = JSON.createObjectNode();
    reduced.put("code", error.path("code").asText(name));
    reduced.put("status", error.path("httpStatusCode").asInt(status));
    return reduced;
  }

  /** The SDK calls every error an exception, whatever the model calls it. */
  private Optional<String> sdkException(String shape) {
    String capitalised = Character.toUpperCase(shape.charAt(0)) + shape.substring(1);
    String stem = capitalised.replaceFirst("(Exception|Fault)$", "");
    return sdkClass(stem + "Exception").map(Class::getSimpleName);
  }

  private Optional<Class<?>> sdkClass(String simpleName) {
    try {
      return Optional.of(Class.forName(sdkPackage + "." + simpleName));
    } catch (ClassNotFoundException e) {
      return Optional.empty();
    }
  }

  /** One pass over the shapes that an input reaches, along the SDK's classes. */
  private final class Walk {

    void structure(String name, SdkShapes.Member pojo) {
      if (shapes.containsKey(name)) {
        return;
      }
      JsonNode shape = model.path("shapes").path(name);
      ObjectNode reduced = reduced(name, "structure");
      ObjectNode members = reduced.putObject("members");
      for (var member : byName(shape.path("members")).entrySet()) {
        Optional<SdkShapes.Member> known = pojo.member(member.getKey());
        if (known.isPresent()) {
          String target = member.getValue().path("shape").asText();
          members.put(member.getKey(), target);
          value(target, known.get());
        }
      }
      ArrayNode required = JSON.createArrayNode();
      for (JsonNode member : shape.path("required")) {
        if (members.has(member.asText())) {
          required.add(member.asText());
        }
      }
      if (!required.isEmpty()) {
        reduced.set("required", required);
      }
    }

    private void value(String name, SdkShapes.Member sdk) {
      JsonNode shape = model.path("shapes").path(name);
      if (shape.path("document").asBoolean()) {
        return; // Any JSON: nothing is demanded of it.
      }
      switch (shape.path("type").asText()) {
        case "structure" -> structure(name, sdk);
        case "list" -> {
          String member = shape.path("member").path("shape").asText();
          if (!shapes.containsKey(name)) {
            bounds(reduced(name, "list").put("member", member), shape);
            value(member, sdk.element());
          }
        }
        case "map" -> {
          String key = shape.path("key").path("shape").asText();
          String value = shape.path("value").path("shape").asText();
          if (!shapes.containsKey(name)) {
            bounds(reduced(name, "map").put("key", key).put("value", value), shape);
            value(key, sdk);
            value(value, sdk.element());
          }
        }
        case "string" -> string(name, shape);
        case "integer", "long", "float", "double" -> {
          if (shape.has("min") || shape.has("max")) {
            bounds(reduced(name, "number"), shape);
          }
        }
        default -> {} // Nothing to demand of booleans, times and blobs.
      }
    }

    private void string(String name, JsonNode shape) {
      if (!shape.has("min") && !shape.has("max") && !shape.has("pattern") && !shape.has("enum")) {
        return;
      }
      ObjectNode reduced = reduced(name, "string");
      bounds(reduced, shape);
      if (shape.has("pattern") && compiles(shape.path("pattern").asText())) {
        reduced.put("pattern", shape.path("pattern").asText());
      }
      if (shape.has("enum")) {
        reduced.set("enum", shape.path("enum"));
      }
    }

    private ObjectNode reduced(String name, String type) {
      ObjectNode reduced = JSON.createObjectNode().put("name", name).put("type", type);
      shapes.put(name, reduced);
      return reduced;
    }

    private void bounds(ObjectNode reduced, JsonNode shape) {
      for (String bound : new String[] {"min", "max"}) {
        if (shape.has(bound)) {
          reduced.put(bound, shape.path(bound).asLong());
        }
      }
    }

    /** The models' patterns are not all Java's. */
    private boolean compiles(String pattern) {
      try {
        Pattern.compile(pattern);
        return true;
      } catch (PatternSyntaxException e) {
        System.err.println("left out a pattern that Java does not know: " + pattern);
        return false;
      }
    }
  }

  private static Map<String, JsonNode> byName(JsonNode object) {
    var sorted = new TreeMap<String, JsonNode>();
    object.properties().forEach(entry -> sorted.put(entry.getKey(), entry.getValue()));
    return sorted;
  }
}
