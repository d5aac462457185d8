package dev.berth.control.declaration;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.model.Declared;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Reads declarations as trees and writes trees as declarations. */
final class DeclaredTree {
  private static final ObjectMapper JSON = new ObjectMapper();

  private DeclaredTree() {}

  /** A tree of the caller's own, which it may change. */
  static ObjectNode of(Declared declared) {
    try {
      if (JSON.readTree(declared.json()) instanceof ObjectNode tree) {
        return tree;
      }
    } catch (JsonProcessingException e) {
      // Whoever kept it wrote it from a shape, so this is a bug of ours.
      throw new IllegalArgumentException("a declaration is not JSON", e);
    }
    throw new IllegalArgumentException("a declaration is not a JSON object");
  }

  static Declared text(JsonNode tree) {
    return new Declared(tree.toString());
  }

  static ObjectNode empty() {
    return JSON.createObjectNode();
  }

  static Optional<String> text(JsonNode parent, String member) {
    JsonNode value = parent.path(member);
    return value.isTextual() ? Optional.of(value.textValue()) : Optional.empty();
  }

  static OptionalInt number(JsonNode parent, String member) {
    JsonNode value = parent.path(member);
    return value.isInt() ? OptionalInt.of(value.intValue()) : OptionalInt.empty();
  }

  static List<String> texts(JsonNode parent, String member) {
    var texts = new ArrayList<String>();
    parent.path(member).forEach(element -> texts.add(element.asText()));
    return texts;
  }

  /** The objects of a list. */
  static List<ObjectNode> objects(JsonNode parent, String member) {
    var objects = new ArrayList<ObjectNode>();
    for (JsonNode element : parent.path(member)) {
      if (element instanceof ObjectNode object) {
        objects.add(object);
      }
    }
    return objects;
  }

  /** Whether the member says anything: an empty text, list or object does not. */
  static boolean has(JsonNode parent, String member) {
    JsonNode value = parent.path(member);
    return value.isTextual() ? !value.textValue().isEmpty() : isMore(value);
  }

  private static boolean isMore(JsonNode value) {
    return value.isContainerNode() ? !value.isEmpty() : !value.isMissingNode() && !value.isNull();
  }
}
