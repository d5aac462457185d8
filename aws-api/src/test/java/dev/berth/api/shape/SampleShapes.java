package dev.berth.api.shape;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.document.Document;
import software.amazon.awssdk.core.traits.ListTrait;
import software.amazon.awssdk.core.traits.MapTrait;
import software.amazon.awssdk.utils.builder.SdkBuilder;

/** Shapes with every member filled, within what the model demands; the same for the same seed. */
public final class SampleShapes {
  private static final int DEPTH_MAX = 12;
  private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789";
  private static final String DIGITS = "0123456789";
  private static final String HARD_LETTERS = LETTERS + "äß€漢\uD83D\uDE00<>&\"'\\/ {}[]%+=";

  private final ServiceModel model;
  private final RandomGenerator random;

  public SampleShapes(ServiceModel model, RandomGenerator random) {
    this.model = model;
    this.random = random;
  }

  /** A request that keeps its constraints. */
  public Object request(Class<?> sdkClass, String operation) {
    var known = model.operations().get(operation);
    return structure(SdkShapes.builder(sdkClass), known == null ? "" : known.input(), 0);
  }

  /** Any response. */
  public Object response(Class<?> sdkClass) {
    return structure(SdkShapes.builder(sdkClass), "", 0);
  }

  private Object structure(SdkPojo builder, String shapeName, int depth) {
    Map<String, String> members =
        model.shape(shapeName) instanceof Shape.Structure structure
            ? structure.members()
            : Map.of();
    for (SdkField<?> field : builder.sdkFields()) {
      if (depth < DEPTH_MAX) {
        field.set(builder, value(field, members.getOrDefault(field.memberName(), ""), depth + 1));
      }
    }
    return ((SdkBuilder<?, ?>) builder).build();
  }

  private Object value(SdkField<?> field, String shapeName, int depth) {
    Shape shape = model.shape(shapeName);
    return switch (field.marshallingType().getKnownType()) {
      case STRING -> text(shape);
      case INTEGER -> (int) number(shape, Integer.MAX_VALUE);
      case LONG -> number(shape, Long.MAX_VALUE);
      case SHORT -> (short) number(shape, Short.MAX_VALUE);
      case BYTE -> (byte) number(shape, Byte.MAX_VALUE);
      case FLOAT -> (float) random.nextInt(1_000_000) / 8;
      case DOUBLE -> random.nextDouble() * 100;
      case BOOLEAN -> random.nextBoolean();
      case INSTANT -> Instant.ofEpochMilli(random.nextLong(4_000_000_000_000L));
      case SDK_BYTES -> SdkBytes.fromUtf8String(letters(random.nextInt(40), HARD_LETTERS));
      case LIST -> list(field, shape, depth);
      case MAP -> map(field, shape, depth);
      case SDK_POJO -> structure(field.constructor().get(), shapeName, depth);
      case DOCUMENT -> document(depth);
      case BIG_DECIMAL, NULL -> throw new IllegalStateException(field.memberName());
    };
  }

  private List<Object> list(SdkField<?> field, Shape shape, int depth) {
    String element = shape instanceof Shape.ListOf list ? list.member() : "";
    int count = shape instanceof Shape.ListOf list ? within(list.count(), 3) : random.nextInt(3);
    var list = new ArrayList<>();
    // EC2's clients send nothing for an empty list, so that none can tell it from an unset one.
    int least = model.protocol() == Protocol.EC2 && depth < DEPTH_MAX ? 1 : 0;
    for (int i = 0; i < Math.max(least, count); i++) {
      list.add(
          value(field.getRequiredTrait(ListTrait.class).memberFieldInfo(), element, depth + 1));
    }
    return list;
  }

  private Map<String, Object> map(SdkField<?> field, Shape shape, int depth) {
    String element = shape instanceof Shape.MapOf map ? map.value() : "";
    var map = new LinkedHashMap<String, Object>();
    for (int i = random.nextInt(3); i > 0; i--) {
      SdkField<?> value = field.getRequiredTrait(MapTrait.class).valueFieldInfo();
      map.put(letters(8, LETTERS), value(value, element, depth + 1));
    }
    return map;
  }

  private String text(Shape shape) {
    if (!(shape instanceof Shape.Text text)) {
      return letters(1 + random.nextInt(20), HARD_LETTERS).strip() + "x";
    }
    if (!text.values().isEmpty()) {
      var values = List.copyOf(text.values());
      return values.get(random.nextInt(values.size()));
    }
    int count = Math.max(1, within(text.length(), 20));
    String sample = letters(count, LETTERS);
    boolean fits = text.pattern().map(it -> it.matcher(sample).matches()).orElse(true);
    return fits ? sample : letters(count, DIGITS);
  }

  private Document document(int depth) {
    return switch (depth < DEPTH_MAX ? random.nextInt(6) : 0) {
      case 0 -> Document.fromNumber(Integer.toString(random.nextInt()));
      case 1 -> Document.fromString(letters(8, HARD_LETTERS));
      case 2 -> Document.fromBoolean(random.nextBoolean());
      case 3 -> Document.fromNull();
      case 4 -> Document.fromList(List.of(document(depth + 1), document(depth + 1)));
      default -> Document.fromMap(Map.of(letters(8, LETTERS), document(depth + 1)));
    };
  }

  private long number(Shape shape, long max) {
    if (shape instanceof Shape.Numeric numeric) {
      long low = numeric.range().min().orElse(0L);
      long high = Math.min(max, numeric.range().max().orElse(low + 1000));
      return random.nextLong(low, high) + random.nextInt(2);
    }
    return random.nextLong(-max, max);
  }

  private int within(Shape.Bounds bounds, int usual) {
    int min = Math.toIntExact(bounds.min().orElse(0L));
    int max = Math.toIntExact(bounds.max().orElse((long) min + usual));
    return min + random.nextInt(Math.min(max - min, usual) + 1);
  }

  private String letters(int count, String from) {
    int[] codePoints = from.codePoints().toArray();
    var text = new StringBuilder();
    for (int i = 0; i < count; i++) {
      text.appendCodePoint(codePoints[random.nextInt(codePoints.length)]);
    }
    return text.toString();
  }
}
