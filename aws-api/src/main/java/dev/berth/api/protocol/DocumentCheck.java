package dev.berth.api.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.traits.ListTrait;
import software.amazon.awssdk.core.traits.MapTrait;

/**
 * Holds a person's JSON document against the shape that it should have: members that nobody knows,
 * and values of another type. A service says the first such thing at most, and not where it is.
 *
 * <p>Pure. {@link #repaired} is of the shape, so that what else is wrong can be found too.
 */
public final class DocumentCheck {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final List<Finding> findings = new ArrayList<>();
  private final ObjectNode repaired;

  /** A fault and the path of its member, such as {@code containerDefinitions[0].cpu}. */
  public record Finding(String path, String message) {}

  private DocumentCheck(ObjectNode document, SdkPojo shape) {
    this.repaired = structure(document, shape, "");
  }

  /** Checks a document against an empty builder of its shape. */
  public static DocumentCheck of(ObjectNode document, SdkPojo shape) {
    return new DocumentCheck(document, shape);
  }

  /** In the order of the document. */
  public List<Finding> findings() {
    return List.copyOf(findings);
  }

  /**
   * The document without unknown members and nulls, with numbers for digits and the other way round
   * where that is what must have been meant, and without what cannot be of the shape.
   */
  public ObjectNode repaired() {
    return repaired.deepCopy();
  }

  private ObjectNode structure(ObjectNode document, SdkPojo shape, String path) {
    Map<String, SdkField<?>> fields = new HashMap<>();
    shape.sdkFields().forEach(field -> fields.put(field.locationName(), field));
    ObjectNode kept = JSON.objectNode();
    for (var member : document.properties()) {
      String memberPath = path.isEmpty() ? member.getKey() : path + "." + member.getKey();
      SdkField<?> field = fields.get(member.getKey());
      if (field == null) {
        findings.add(new Finding(memberPath, "There is no such member."));
      } else if (!member.getValue().isNull()) {
        value(member.getValue(), field, memberPath)
            .ifPresent(value -> kept.set(member.getKey(), value));
      }
    }
    return kept;
  }

  private Optional<JsonNode> value(JsonNode value, SdkField<?> field, String path) {
    return switch (field.marshallingType().getKnownType()) {
      case STRING, SDK_BYTES -> text(value, path);
      case INTEGER, LONG, SHORT, BYTE -> integer(value, path);
      case FLOAT, DOUBLE, BIG_DECIMAL, INSTANT -> typed(value.isNumber(), value, "a number", path);
      case BOOLEAN -> typed(value.isBoolean(), value, "true or false", path);
      case LIST -> list(value, field, path);
      case MAP -> map(value, field, path);
      case SDK_POJO ->
          value instanceof ObjectNode object
              ? Optional.of(structure(object, Wire.builder(field), path))
              : typed(false, value, "an object", path);
      case DOCUMENT, NULL -> Optional.of(value);
    };
  }

  private Optional<JsonNode> text(JsonNode value, String path) {
    if (!value.isTextual() && value.isValueNode()) {
      typed(false, value, "a string", path);
      return Optional.of(JSON.textNode(value.asText()));
    }
    return typed(value.isTextual(), value, "a string", path);
  }

  private Optional<JsonNode> integer(JsonNode value, String path) {
    if (value.isTextual() && value.textValue().matches("-?[0-9]{1,9}")) {
      typed(false, value, "an integer", path);
      return Optional.of(JSON.numberNode(Integer.parseInt(value.textValue())));
    }
    return typed(value.isIntegralNumber(), value, "an integer", path);
  }

  private Optional<JsonNode> list(JsonNode value, SdkField<?> field, String path) {
    if (!(value instanceof ArrayNode array)) {
      return typed(false, value, "a list", path);
    }
    SdkField<?> element = field.getRequiredTrait(ListTrait.class).memberFieldInfo();
    ArrayNode kept = JSON.arrayNode();
    for (int position = 0; position < array.size(); position++) {
      value(array.get(position), element, path + "[" + position + "]").ifPresent(kept::add);
    }
    return Optional.of(kept);
  }

  private Optional<JsonNode> map(JsonNode value, SdkField<?> field, String path) {
    if (!(value instanceof ObjectNode object)) {
      return typed(false, value, "a map", path);
    }
    SdkField<?> element = field.getRequiredTrait(MapTrait.class).valueFieldInfo();
    ObjectNode kept = JSON.objectNode();
    for (var entry : object.properties()) {
      value(entry.getValue(), element, path + "." + entry.getKey())
          .ifPresent(each -> kept.set(entry.getKey(), each));
    }
    return Optional.of(kept);
  }

  private Optional<JsonNode> typed(boolean fits, JsonNode value, String wanted, String path) {
    if (fits) {
      return Optional.of(value);
    }
    findings.add(new Finding(path, "This must be " + wanted + "."));
    return Optional.empty();
  }
}
