package dev.berth.api.protocol;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.traits.TimestampFormatTrait;
import software.amazon.awssdk.core.traits.TimestampFormatTrait.Format;
import software.amazon.awssdk.core.util.SdkAutoConstructList;
import software.amazon.awssdk.core.util.SdkAutoConstructMap;
import software.amazon.awssdk.utils.builder.SdkBuilder;

/** What all notations share: which members are set, and how times are written. */
final class Wire {
  /** Beyond this no timestamp is meant seriously: the year 9999. */
  private static final double EPOCH_SECONDS_MAX = 253_402_300_799.0;

  private Wire() {}

  /**
   * Whether a member goes over the wire: the SDK marks an unset list or map by a class of its own.
   */
  static boolean isSet(Object value) {
    return value != null
        && !(value instanceof SdkAutoConstructList)
        && !(value instanceof SdkAutoConstructMap);
  }

  /** A new builder of the structure that a field holds. */
  static SdkPojo builder(SdkField<?> field) {
    return field.constructor().get();
  }

  static Object build(SdkPojo builder) {
    return ((SdkBuilder<?, ?>) builder).build();
  }

  static Format format(SdkField<?> field, Format usual) {
    return field
        .getOptionalTrait(TimestampFormatTrait.class)
        .map(TimestampFormatTrait::format)
        .orElse(usual);
  }

  static BigDecimal epochSeconds(Instant instant) {
    return BigDecimal.valueOf(instant.toEpochMilli(), 3).stripTrailingZeros();
  }

  static String text(Instant instant, Format format) {
    return switch (format) {
      case ISO_8601 -> DateTimeFormatter.ISO_INSTANT.format(instant);
      case RFC_822 -> DateTimeFormatter.RFC_1123_DATE_TIME.format(instant.atOffset(ZoneOffset.UTC));
      case UNIX_TIMESTAMP -> epochSeconds(instant).toPlainString();
      case UNIX_TIMESTAMP_MILLIS -> Long.toString(instant.toEpochMilli());
    };
  }

  static Instant instant(double epochSeconds) {
    if (!(Math.abs(epochSeconds) <= EPOCH_SECONDS_MAX)) {
      throw new MalformedRequest("Unable to parse date: " + epochSeconds);
    }
    return Instant.ofEpochMilli(Math.round(epochSeconds * 1000));
  }

  /** Takes any of the forms, as AWS does. */
  static Instant instant(String text) {
    try {
      if (!text.isEmpty() && text.length() <= 32 && text.chars().allMatch(Wire::isOfANumber)) {
        return instant(Double.parseDouble(text));
      }
      return text.contains(",")
          ? Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(text))
          : Instant.from(DateTimeFormatter.ISO_DATE_TIME.parse(text));
    } catch (DateTimeException | NumberFormatException e) {
      throw new MalformedRequest("Unable to parse date: " + text);
    }
  }

  private static boolean isOfANumber(int c) {
    return (c >= '0' && c <= '9') || c == '.' || c == 'E';
  }
}
