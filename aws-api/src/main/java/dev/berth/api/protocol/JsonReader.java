package dev.berth.api.protocol;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.protocol.MarshallingKnownType;
import software.amazon.awssdk.core.traits.ListTrait;
import software.amazon.awssdk.core.traits.MapTrait;

/**
 * Fills shapes from JSON, token by token.
 *
 * <p>As strict as AWS: a string is not taken for a number, nor a number for a string. Members that
 * the shape does not have are skipped, and a null is as good as nothing.
 */
final class JsonReader {
  private final JsonParser parser;

  JsonReader(JsonParser parser) {
    this.parser = parser;
  }

  /** Reads an object's members; the parser stands at its start. */
  void members(SdkPojo builder) throws IOException {
    Map<String, SdkField<?>> fields = fieldsByName(builder);
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      SdkField<?> field = fields.get(parser.currentName());
      JsonToken token = parser.nextToken();
      if (field == null) {
        parser.skipChildren();
      } else if (token != JsonToken.VALUE_NULL || isDocument(field)) {
        field.set(builder, value(field, token));
      }
    }
  }

  private Object value(SdkField<?> field, JsonToken token) throws IOException {
    return switch (field.marshallingType().getKnownType()) {
      case STRING -> text(token, "a String");
      case INTEGER -> (int) integer(token, "an Integer", Integer.MIN_VALUE, Integer.MAX_VALUE);
      case LONG -> integer(token, "a Long", Long.MIN_VALUE, Long.MAX_VALUE);
      case SHORT -> (short) integer(token, "a Short", Short.MIN_VALUE, Short.MAX_VALUE);
      case BYTE -> (byte) integer(token, "a Byte", Byte.MIN_VALUE, Byte.MAX_VALUE);
      case FLOAT -> (float) decimal(token, "a Float");
      case DOUBLE -> decimal(token, "a Double");
      case BOOLEAN -> bool(token);
      case INSTANT ->
          token == JsonToken.VALUE_STRING
              ? Wire.instant(parser.getText())
              : Wire.instant(decimal(token, "a Timestamp"));
      case SDK_BYTES -> blob(token);
      case LIST -> list(field, token);
      case MAP -> map(field, token);
      case SDK_POJO -> structure(field, token);
      case DOCUMENT -> Documents.read(parser, token);
      case BIG_DECIMAL, NULL ->
          throw new IllegalStateException("no service here has a " + field.marshallingType());
    };
  }

  /** To a document alone, a null is a value. */
  private static boolean isDocument(SdkField<?> field) {
    return field.marshallingType().getKnownType() == MarshallingKnownType.DOCUMENT;
  }

  private Object structure(SdkField<?> field, JsonToken token) throws IOException {
    if (token != JsonToken.START_OBJECT) {
      throw mismatch(token, "a structure");
    }
    SdkPojo builder = Wire.builder(field);
    members(builder);
    return Wire.build(builder);
  }

  private List<@Nullable Object> list(SdkField<?> field, JsonToken token) throws IOException {
    if (token != JsonToken.START_ARRAY) {
      throw mismatch(token, "a list");
    }
    SdkField<?> element = field.getRequiredTrait(ListTrait.class).memberFieldInfo();
    var list = new ArrayList<@Nullable Object>();
    for (JsonToken next = parser.nextToken();
        next != JsonToken.END_ARRAY;
        next = parser.nextToken()) {
      list.add(next == JsonToken.VALUE_NULL ? null : value(element, next));
    }
    return list;
  }

  private Map<String, @Nullable Object> map(SdkField<?> field, JsonToken token) throws IOException {
    if (token != JsonToken.START_OBJECT) {
      throw mismatch(token, "a map");
    }
    SdkField<?> element = field.getRequiredTrait(MapTrait.class).valueFieldInfo();
    var map = new LinkedHashMap<String, @Nullable Object>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String key = parser.currentName();
      JsonToken next = parser.nextToken();
      map.put(key, next == JsonToken.VALUE_NULL ? null : value(element, next));
    }
    return map;
  }

  private String text(JsonToken token, String wanted) throws IOException {
    if (token != JsonToken.VALUE_STRING) {
      throw mismatch(token, wanted);
    }
    return parser.getText();
  }

  private long integer(JsonToken token, String wanted, long min, long max) throws IOException {
    if (token == JsonToken.VALUE_NUMBER_INT
        && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER) {
      long value = parser.getLongValue();
      if (value >= min && value <= max) {
        return value;
      }
    } else if (token == JsonToken.VALUE_NUMBER_FLOAT) {
      double value = parser.getDoubleValue();
      // 2^63 itself is a double, and no long.
      if (value == Math.rint(value) && value >= min && value <= max && value < 0x1p63) {
        return (long) value;
      }
    }
    throw mismatch(token, wanted);
  }

  private double decimal(JsonToken token, String wanted) throws IOException {
    if (token == JsonToken.VALUE_STRING) {
      return switch (parser.getText()) {
        case "NaN" -> Double.NaN;
        case "Infinity" -> Double.POSITIVE_INFINITY;
        case "-Infinity" -> Double.NEGATIVE_INFINITY;
        default -> throw mismatch(token, wanted);
      };
    }
    if (!token.isNumeric()) {
      throw mismatch(token, wanted);
    }
    return parser.getDoubleValue();
  }

  private boolean bool(JsonToken token) {
    if (!token.isBoolean()) {
      throw mismatch(token, "a Boolean");
    }
    return token == JsonToken.VALUE_TRUE;
  }

  private SdkBytes blob(JsonToken token) throws IOException {
    if (token == JsonToken.VALUE_EMBEDDED_OBJECT) {
      return SdkBytes.fromByteArray(parser.getBinaryValue());
    }
    try {
      return SdkBytes.fromByteArray(Base64.getDecoder().decode(text(token, "a Blob")));
    } catch (IllegalArgumentException e) {
      throw new MalformedRequest("a blob is not Base64");
    }
  }

  private static Map<String, SdkField<?>> fieldsByName(SdkPojo builder) {
    List<SdkField<?>> fields = builder.sdkFields();
    Map<String, SdkField<?>> byName = HashMap.newHashMap(fields.size());
    fields.forEach(field -> byName.put(field.locationName(), field));
    return byName;
  }

  /** Words it as AWS's own framework does. */
  private static MalformedRequest mismatch(@Nullable JsonToken token, String wanted) {
    String found =
        switch (Optional.ofNullable(token).orElse(JsonToken.NOT_AVAILABLE)) {
          case START_OBJECT, FIELD_NAME, END_OBJECT -> "Start of structure or map";
          case START_ARRAY, END_ARRAY -> "Start of list";
          case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "NUMBER_VALUE";
          case VALUE_STRING -> "STRING_VALUE";
          case VALUE_TRUE -> "TRUE_VALUE";
          case VALUE_FALSE -> "FALSE_VALUE";
          case VALUE_NULL -> "NULL_VALUE";
          case VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE -> "VALUE";
        };
    boolean nested = found.startsWith("Start");
    return new MalformedRequest(
        nested
            ? found + " found where not expected."
            : found + " can not be converted to " + wanted);
  }
}
