package dev.berth.model.signature;

import java.util.random.RandomGenerator;

/** Draws the ids and secrets of access keys, in AWS's form. */
public final class AccessKeyLetters {
  private static final String ID_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  private static final String SECRET_LETTERS =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  private static final int ID_LETTER_COUNT = 16;
  private static final int SECRET_LETTER_COUNT = 40;

  private final RandomGenerator random;

  /**
   * @param random must not be predictable
   */
  public AccessKeyLetters(RandomGenerator random) {
    this.random = random;
  }

  /** A key's id: the prefix says what kind of key it is. */
  public String id(String prefix) {
    return prefix + letters(ID_LETTERS, ID_LETTER_COUNT);
  }

  public String secret() {
    return letters(SECRET_LETTERS, SECRET_LETTER_COUNT);
  }

  private String letters(String alphabet, int count) {
    var text = new StringBuilder(count);
    for (int letter = 0; letter < count; letter++) {
      text.append(alphabet.charAt(random.nextInt(alphabet.length())));
    }
    return text.toString();
  }
}
