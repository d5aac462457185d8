package dev.berth.control.environment;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What an environment file says. Pure.
 *
 * <p>On Fargate, says ECS's API reference, a file is handled like Docker's own: {@code
 * VARIABLE=VALUE} a line; white space before the name is dropped and all behind the {@code =}
 * belongs to the value, quotes too; blank lines, those that begin with {@code #} and those without
 * {@code =} say nothing.
 */
final class EnvironmentFile {
  private static final char BYTE_ORDER_MARK = '\uFEFF';
  private static final char ZERO = '\0';

  private EnvironmentFile() {}

  /**
   * A file that Docker would not take either; the message shows nothing of it but a line's number.
   */
  static final class Malformed extends Exception {
    private static final long serialVersionUID = 1L;

    private Malformed(String message) {
      super(message, null, false, false);
    }
  }

  /** The variables in their order; of one that is set twice the first value, as ECS does. */
  static Map<String, String> variables(byte[] bytes) throws Malformed {
    var variables = new LinkedHashMap<String, String>();
    List<String> lines = text(bytes).lines().toList();
    for (int number = 1; number <= lines.size(); number++) {
      String line = lines.get(number - 1).stripLeading();
      int equals = line.indexOf('=');
      if (line.startsWith("#") || equals < 0) {
        continue;
      }
      String name = line.substring(0, equals);
      if (name.isEmpty()) {
        throw new Malformed("line " + number + " names no variable");
      }
      if (name.chars().anyMatch(Character::isWhitespace)) {
        throw new Malformed("the variable of line " + number + " has white space in its name");
      }
      variables.putIfAbsent(name, line.substring(equals + 1));
    }
    return variables;
  }

  private static String text(byte[] bytes) throws Malformed {
    String text;
    try {
      text = UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new Malformed("it is not UTF-8");
    }
    if (text.indexOf(ZERO) >= 0) {
      throw new Malformed("it holds a zero byte, which no variable can");
    }
    return !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK ? text.substring(1) : text;
  }
}
