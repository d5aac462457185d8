package dev.berth.model.signature;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;

/** Percent-encoding as Signature Version 4 wants it: unreserved characters of RFC 3986 stay. */
public final class PercentEncoding {
  private static final HexFormat HEX = HexFormat.of().withUpperCase();

  record Parameter(String name, String value) {}

  private PercentEncoding() {}

  /** A text as it stands in a path or a query; a slash is encoded too. */
  public static String encode(String text) {
    var encoded = new StringBuilder(text.length() + 16);
    for (byte octet : text.getBytes(UTF_8)) {
      char c = (char) (octet & 0xff);
      if (isUnreserved(c)) {
        encoded.append(c);
      } else {
        encoded.append('%').append(HEX.toHexDigits(octet));
      }
    }
    return encoded.toString();
  }

  /** Decodes; a percent sign that starts no escape stands for itself, as does a plus. */
  static String decode(String text) {
    if (text.indexOf('%') < 0) {
      return text;
    }
    byte[] octets = text.getBytes(UTF_8);
    var decoded = new ByteArrayOutputStream(octets.length);
    for (int i = 0; i < octets.length; i++) {
      if (octets[i] == '%'
          && i + 2 < octets.length
          && HexFormat.isHexDigit(octets[i + 1])
          && HexFormat.isHexDigit(octets[i + 2])) {
        decoded.write(
            HexFormat.fromHexDigit(octets[i + 1]) << 4 | HexFormat.fromHexDigit(octets[i + 2]));
        i += 2;
      } else {
        decoded.write(octets[i]);
      }
    }
    return decoded.toString(UTF_8);
  }

  /** The decoded parameters of a raw query string in their order. */
  static List<Parameter> parameters(String rawQuery) {
    var parameters = new ArrayList<Parameter>();
    for (String pair : rawQuery.split("&", -1)) {
      if (!pair.isEmpty()) {
        int equals = pair.indexOf('=');
        String name = equals < 0 ? pair : pair.substring(0, equals);
        String value = equals < 0 ? "" : pair.substring(equals + 1);
        parameters.add(new Parameter(decode(name), decode(value)));
      }
    }
    return parameters;
  }

  /** Sorted by encoded name, then by encoded value. */
  static String canonicalQuery(List<Parameter> parameters) {
    var sorted =
        parameters.stream()
            .map(it -> new Parameter(encode(it.name()), encode(it.value())))
            .sorted(Comparator.comparing(Parameter::name).thenComparing(Parameter::value))
            .toList();
    var canonical = new StringBuilder();
    for (Parameter parameter : sorted) {
      canonical.append(canonical.isEmpty() ? "" : "&");
      canonical.append(parameter.name()).append('=').append(parameter.value());
    }
    return canonical.toString();
  }

  private static boolean isUnreserved(char c) {
    return (c >= 'A' && c <= 'Z')
        || (c >= 'a' && c <= 'z')
        || (c >= '0' && c <= '9')
        || c == '-'
        || c == '.'
        || c == '_'
        || c == '~';
  }
}
