package dev.berth.model.signature;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/** The times that a request carries. */
final class Timestamps {
  private Timestamps() {}

  /** The signed timestamp: X-Amz-Date, or else Date; empty if there is neither. */
  static String ofHeaders(SignableRequest request) {
    String amzDate = request.value("X-Amz-Date");
    if (!amzDate.isEmpty()) {
      return amzDate;
    }
    String date = request.value("Date");
    try {
      // A client that signs the standard header puts its time in the basic form into the signature.
      return date.isEmpty() || date.endsWith("Z")
          ? date
          : RequestSigner.TIMESTAMP.format(
              ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME));
    } catch (DateTimeException e) {
      return date; // Kept, so that the refusal can show it.
    }
  }

  static Optional<Instant> parse(String timestamp) {
    try {
      return Optional.of(
          LocalDateTime.parse(timestamp, RequestSigner.TIMESTAMP).toInstant(ZoneOffset.UTC));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }
}
