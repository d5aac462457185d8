package dev.berth.api.shape;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.berth.api.shape.ServiceModel.ErrorModel;
import dev.berth.api.shape.ServiceModel.OperationModel;
import dev.berth.api.shape.Shape.Bounds;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads a committed model: its first line is the head, and each further line is one shape. */
final class ServiceModelResource {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final String service;

  ServiceModelResource(String service) {
    this.service = service;
  }

  ServiceModel load() {
    try (BufferedReader lines = open()) {
      JsonNode head = JSON.readTree(lines.readLine());
      Map<String, OperationModel> operations = new HashMap<>();
      for (var operation : head.path("operations").properties()) {
        String name = operation.getKey();
        JsonNode value = operation.getValue();
        operations.put(
            name,
            new OperationModel(
                name,
                value.path("sdkName").asText(name),
                value.path("input").asText(),
                texts(value.path("errors"))));
      }
      Map<String, ErrorModel> errors = new HashMap<>();
      for (var error : head.path("errors").properties()) {
        JsonNode value = error.getValue();
        errors.put(
            error.getKey(),
            new ErrorModel(value.path("code").asText(), value.path("status").asInt()));
      }
      return new ServiceModel(head, operations, errors, new Once<>(this::readShapes));
    } catch (IOException e) {
      throw new UncheckedIOException("the model of " + service + " cannot be read", e);
    }
  }

  private Map<String, Shape> readShapes() {
    try (BufferedReader lines = open()) {
      lines.readLine(); // The head.
      Map<String, Shape> shapes = new LinkedHashMap<>();
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        JsonNode node = JSON.readTree(line);
        shapes.put(node.path("name").asText(), shape(node));
      }
      return Map.copyOf(shapes);
    } catch (IOException e) {
      throw new UncheckedIOException("the shapes of " + service + " cannot be read", e);
    }
  }

  private BufferedReader open() {
    InputStream resource = ServiceModelResource.class.getResourceAsStream(service + ".jsonl");
    if (resource == null) {
      throw new IllegalArgumentException("there is no model of a service named " + service);
    }
    return new BufferedReader(new InputStreamReader(resource, StandardCharsets.UTF_8));
  }

  private static Shape shape(JsonNode node) {
    Bounds bounds = new Bounds(bound(node, "min"), bound(node, "max"));
    return switch (node.path("type").asText()) {
      case "structure" -> structure(node);
      case "list" -> new Shape.ListOf(node.path("member").asText(), bounds);
      case "map" -> new Shape.MapOf(node.path("key").asText(), node.path("value").asText(), bounds);
      case "string" ->
          new Shape.Text(
              bounds,
              node.has("pattern")
                  ? Optional.of(Pattern.compile(node.path("pattern").asText()))
                  : Optional.empty(),
              texts(node.path("enum")));
      case "number" -> new Shape.Numeric(bounds);
      case String other -> throw new IllegalStateException("unknown kind of shape: " + other);
    };
  }

  private static Shape structure(JsonNode node) {
    Map<String, String> members = new LinkedHashMap<>();
    for (var member : node.path("members").properties()) {
      members.put(member.getKey(), member.getValue().asText());
    }
    return new Shape.Structure(Map.copyOf(members), texts(node.path("required")));
  }

  private static Optional<Long> bound(JsonNode node, String name) {
    return node.has(name) ? Optional.of(node.path(name).asLong()) : Optional.empty();
  }

  private static Set<String> texts(JsonNode array) {
    Set<String> texts = new LinkedHashSet<>();
    array.forEach(text -> texts.add(text.asText()));
    return texts;
  }

  /** Computes its value on the first use, once. */
  private static final class Once<T> implements Supplier<T> {
    private final Supplier<T> source;
    private volatile @Nullable T value;

    Once(Supplier<T> source) {
      this.source = source;
    }

    @Override
    public T get() {
      T known = value;
      return known != null ? known : compute();
    }

    private synchronized T compute() {
      T known = value;
      if (known == null) {
        known = source.get();
        value = known;
      }
      return known;
    }
  }
}
