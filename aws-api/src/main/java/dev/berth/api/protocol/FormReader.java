package dev.berth.api.protocol;

import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.traits.ListTrait;
import software.amazon.awssdk.core.traits.MapTrait;

/**
 * Fills shapes from a form's parameters.
 *
 * <p>Takes lists both flattened ({@code Name.1}) and not ({@code Name.member.1}), whatever the
 * model says: clients disagree, and the two cannot be confused.
 */
final class FormReader {
  private FormReader() {}

  static void members(FormParameters parameters, SdkPojo builder) {
    for (SdkField<?> field : builder.sdkFields()) {
      Optional<FormParameters> member = parameters.child(field.locationName());
      if (member.isPresent()) {
        field.set(builder, value(field, member.get()));
      }
    }
  }

  private static Object value(SdkField<?> field, FormParameters node) {
    return switch (field.marshallingType().getKnownType()) {
      case STRING -> text(node);
      case INTEGER -> number(node, "an Integer", Integer::valueOf);
      case LONG -> number(node, "a Long", Long::valueOf);
      case SHORT -> number(node, "a Short", Short::valueOf);
      case BYTE -> number(node, "a Byte", Byte::valueOf);
      case FLOAT -> number(node, "a Float", Float::valueOf);
      case DOUBLE -> number(node, "a Double", Double::valueOf);
      case BOOLEAN -> bool(text(node));
      case INSTANT -> Wire.instant(text(node));
      case SDK_BYTES -> blob(text(node));
      case LIST -> list(field.getRequiredTrait(ListTrait.class), node);
      case MAP -> map(field.getRequiredTrait(MapTrait.class), node);
      case SDK_POJO -> {
        SdkPojo builder = Wire.builder(field);
        members(node, builder);
        yield Wire.build(builder);
      }
      case BIG_DECIMAL, DOCUMENT, NULL ->
          throw new IllegalStateException("no service here has a " + field.marshallingType());
    };
  }

  private static List<Object> list(ListTrait trait, FormParameters node) {
    String elementName = trait.memberLocationName();
    List<FormParameters> elements = node.numbered();
    if (elements.isEmpty()) {
      elements =
          node.child("member")
              .or(() -> elementName == null ? Optional.empty() : node.child(elementName))
              .map(FormParameters::numbered)
              .orElse(List.of()); // An empty list is sent as an empty text.
    }
    var list = new ArrayList<Object>();
    elements.forEach(element -> list.add(value(trait.memberFieldInfo(), element)));
    return list;
  }

  private static Map<String, Object> map(MapTrait trait, FormParameters node) {
    List<FormParameters> entries = node.numbered();
    if (entries.isEmpty()) {
      entries = node.child("entry").map(FormParameters::numbered).orElse(List.of());
    }
    String keyName = Optional.ofNullable(trait.keyLocationName()).orElse("key");
    String valueName = Optional.ofNullable(trait.valueLocationName()).orElse("value");
    var map = new LinkedHashMap<String, Object>();
    for (FormParameters entry : entries) {
      FormParameters key =
          entry.child(keyName).orElseThrow(() -> new MalformedRequest("a map's entry has no key"));
      FormParameters value =
          entry
              .child(valueName)
              .orElseThrow(() -> new MalformedRequest("a map's entry has no value"));
      map.put(text(key), value(trait.valueFieldInfo(), value));
    }
    return map;
  }

  private static String text(FormParameters node) {
    return node.text()
        .orElseThrow(
            () -> new MalformedRequest("Start of structure or map found where not expected."));
  }

  private static <T> T number(FormParameters node, String wanted, Function<String, T> parse) {
    try {
      return parse.apply(text(node));
    } catch (NumberFormatException e) {
      throw new MalformedRequest("STRING_VALUE can not be converted to " + wanted);
    }
  }

  private static boolean bool(String text) {
    return switch (text) {
      case "true", "True" -> true;
      case "false", "False" -> false;
      default -> throw new MalformedRequest("STRING_VALUE can not be converted to a Boolean");
    };
  }

  private static SdkBytes blob(String text) {
    try {
      return SdkBytes.fromByteArray(Base64.getDecoder().decode(text));
    } catch (IllegalArgumentException e) {
      throw new MalformedRequest("a blob is not Base64");
    }
  }
}
