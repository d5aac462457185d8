package dev.berth.api.protocol;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.document.Document;
import software.amazon.awssdk.core.traits.ListTrait;
import software.amazon.awssdk.core.traits.MapTrait;
import software.amazon.awssdk.core.traits.TimestampFormatTrait.Format;

/** Writes shapes as JSON: members that are set, in the model's order. */
final class JsonWriter {
  private final JsonGenerator generator;

  JsonWriter(JsonGenerator generator) {
    this.generator = generator;
  }

  /** Writes the members alone; the object around them is the caller's. */
  void members(SdkPojo pojo) throws IOException {
    for (SdkField<?> field : pojo.sdkFields()) {
      Object value = field.getValueOrDefault(pojo);
      if (Wire.isSet(value)) {
        generator.writeFieldName(field.locationName());
        value(field, value);
      }
    }
  }

  private void value(SdkField<?> field, Object value) throws IOException {
    switch (value) {
      case String text -> generator.writeString(text);
      case Integer number -> generator.writeNumber(number);
      case Long number -> generator.writeNumber(number);
      case Short number -> generator.writeNumber(number);
      case Byte number -> generator.writeNumber(number.intValue());
      case Float number -> generator.writeNumber(number);
      case Double number -> generator.writeNumber(number);
      case Boolean bool -> generator.writeBoolean(bool);
      case Instant instant -> time(instant, Wire.format(field, Format.UNIX_TIMESTAMP));
      case SdkBytes bytes ->
          generator.writeString(Base64.getEncoder().encodeToString(bytes.asByteArrayUnsafe()));
      case Document document -> Documents.write(generator, document);
      case List<?> list -> list(field.getRequiredTrait(ListTrait.class).memberFieldInfo(), list);
      case Map<?, ?> map -> map(field.getRequiredTrait(MapTrait.class).valueFieldInfo(), map);
      case SdkPojo pojo -> {
        generator.writeStartObject();
        members(pojo);
        generator.writeEndObject();
      }
      default -> throw new IllegalStateException("no service here has a " + value.getClass());
    }
  }

  private void time(Instant instant, Format format) throws IOException {
    switch (format) {
      case UNIX_TIMESTAMP -> generator.writeNumber(Wire.epochSeconds(instant));
      case UNIX_TIMESTAMP_MILLIS -> generator.writeNumber(instant.toEpochMilli());
      case ISO_8601, RFC_822 -> generator.writeString(Wire.text(instant, format));
    }
  }

  private void list(SdkField<?> elementField, List<?> list) throws IOException {
    generator.writeStartArray();
    for (Object element : list) {
      nullable(elementField, element);
    }
    generator.writeEndArray();
  }

  private void map(SdkField<?> valueField, Map<?, ?> map) throws IOException {
    generator.writeStartObject();
    for (var entry : map.entrySet()) {
      generator.writeFieldName(entry.getKey().toString());
      nullable(valueField, entry.getValue());
    }
    generator.writeEndObject();
  }

  private void nullable(SdkField<?> field, Object value) throws IOException {
    if (value == null) {
      generator.writeNull();
    } else {
      value(field, value);
    }
  }
}
