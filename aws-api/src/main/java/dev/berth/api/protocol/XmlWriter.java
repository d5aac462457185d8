package dev.berth.api.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.traits.ListTrait;
import software.amazon.awssdk.core.traits.MapTrait;
import software.amazon.awssdk.core.traits.TimestampFormatTrait.Format;

/** Writes elements and shapes as XML. */
final class XmlWriter {
  private final StringBuilder xml = new StringBuilder(1024);

  XmlWriter open(String name) {
    xml.append('<').append(name).append('>');
    return this;
  }

  XmlWriter open(String name, String namespace) {
    xml.append('<').append(name).append(" xmlns=\"");
    escape(namespace);
    xml.append("\">");
    return this;
  }

  XmlWriter close(String name) {
    xml.append("</").append(name).append('>');
    return this;
  }

  XmlWriter text(String name, String text) {
    open(name);
    escape(text);
    return close(name);
  }

  byte[] toBytes() {
    return xml.toString().getBytes(UTF_8);
  }

  /** Writes the members that are set, in the model's order. */
  XmlWriter members(SdkPojo pojo) {
    for (SdkField<?> field : pojo.sdkFields()) {
      Object value = field.getValueOrDefault(pojo);
      if (Wire.isSet(value)) {
        value(field.unmarshallLocationName(), field, value);
      }
    }
    return this;
  }

  private void value(String name, SdkField<?> field, Object value) {
    switch (value) {
      case List<?> list -> list(name, field.getRequiredTrait(ListTrait.class), list);
      case Map<?, ?> map -> map(name, field.getRequiredTrait(MapTrait.class), map);
      case SdkPojo pojo -> open(name).members(pojo).close(name);
      case Instant instant -> text(name, Wire.text(instant, Wire.format(field, Format.ISO_8601)));
      case SdkBytes bytes ->
          text(name, Base64.getEncoder().encodeToString(bytes.asByteArrayUnsafe()));
      case String _, Number _, Boolean _ -> text(name, value.toString());
      default -> throw new IllegalStateException("no service here has a " + value.getClass());
    }
  }

  private void list(String name, ListTrait trait, List<?> list) {
    String elementName =
        trait.isFlattened()
            ? name
            : Optional.ofNullable(trait.memberLocationName()).orElse("member");
    if (!trait.isFlattened()) {
      open(name);
    }
    list.forEach(element -> value(elementName, trait.memberFieldInfo(), element));
    if (!trait.isFlattened()) {
      close(name);
    }
  }

  private void map(String name, MapTrait trait, Map<?, ?> map) {
    String entryName = trait.isFlattened() ? name : "entry";
    if (!trait.isFlattened()) {
      open(name);
    }
    map.forEach(
        (key, value) -> {
          open(entryName);
          text(Optional.ofNullable(trait.keyLocationName()).orElse("key"), key.toString());
          value(
              Optional.ofNullable(trait.valueLocationName()).orElse("value"),
              trait.valueFieldInfo(),
              value);
          close(entryName);
        });
    if (!trait.isFlattened()) {
      close(name);
    }
  }

  /** XML 1.0 has no place for most control characters, not even escaped: they become U+FFFD. */
  private void escape(String text) {
    text.codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '<' -> xml.append("&lt;");
                case '>' -> xml.append("&gt;");
                case '&' -> xml.append("&amp;");
                case '"' -> xml.append("&quot;");
                case '\r' -> xml.append("&#xD;");
                default -> xml.appendCodePoint(isAllowed(c) ? c : 0xFFFD);
              }
            });
  }

  private static boolean isAllowed(int c) {
    return c == '\t'
        || c == '\n'
        || (c >= 0x20 && c <= 0xD7FF)
        || (c >= 0xE000 && c <= 0xFFFD)
        || c >= 0x10000;
  }
}
