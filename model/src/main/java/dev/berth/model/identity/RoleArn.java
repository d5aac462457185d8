package dev.berth.model.identity;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;
import java.util.regex.Pattern;

/** The ARN of an IAM role, such as {@code arn:aws:iam::123456789012:role/path/name}. */
public record RoleArn(String value) {
  private static final Pattern FORM =
      Pattern.compile(
          "arn:aws[a-z-]*:iam::[0-9]{12}:role/([\\x21-\\x7e]*/)?[A-Za-z0-9+=,.@_-]{1,64}");

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9+=,.@_-]{1,64}");
  private static final int LENGTH_MAX = 2048;
  private static final String ID_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  private static final int ID_LETTER_COUNT = 17;
  private static final int PARTITION = 1;
  private static final int ACCOUNT = 4;

  public RoleArn {
    if (!isForm(value)) {
      throw new IllegalArgumentException("'" + value + "' is not the ARN of a role");
    }
  }

  public static boolean isForm(String text) {
    return text.length() <= LENGTH_MAX && FORM.matcher(text).matches();
  }

  /**
   * The role that ECS means by a text: an ARN, or the short name of a role of that account.
   *
   * @return nothing where it is neither
   */
  public static Optional<RoleArn> named(String text, AccountId account) {
    if (isForm(text)) {
      return Optional.of(new RoleArn(text));
    }
    return isNamed(text)
        ? Optional.of(new RoleArn("arn:aws:iam::" + account + ":role/" + text))
        : Optional.empty();
  }

  /** Whether a text is the ARN or the short name of a role. */
  public static boolean isNamed(String text) {
    return isForm(text) || NAME.matcher(text).matches();
  }

  public String partition() {
    return part(PARTITION);
  }

  /** Twelve digits. */
  public String account() {
    return part(ACCOUNT);
  }

  /** Without the path. */
  public String name() {
    return value.substring(value.lastIndexOf('/') + 1);
  }

  private String part(int number) {
    return value.split(":", -1)[number];
  }

  /**
   * Its unique id, {@code AROA…}. AWS draws one for each role that is created; while no roles are
   * created here it comes from the ARN, so that it is always the same.
   */
  public String roleId() {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(value.getBytes(UTF_8));
      var id = new StringBuilder("AROA");
      for (int letter = 0; letter < ID_LETTER_COUNT; letter++) {
        id.append(ID_LETTERS.charAt(digest[letter] & (ID_LETTERS.length() - 1)));
      }
      return id.toString();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
