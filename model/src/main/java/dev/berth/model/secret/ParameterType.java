package dev.berth.model.secret;

import java.util.Arrays;
import java.util.Optional;

/** What a parameter's value is. All are sealed where they are kept. */
public enum ParameterType {
  STRING("String"),
  STRING_LIST("StringList"),
  /** Shown in clear to those alone who ask for its decryption. */
  SECURE_STRING("SecureString");

  private final String wireName;

  ParameterType(String wireName) {
    this.wireName = wireName;
  }

  /** AWS's name of it. */
  public String wireName() {
    return wireName;
  }

  public static Optional<ParameterType> of(String wireName) {
    return Arrays.stream(values()).filter(type -> type.wireName.equals(wireName)).findFirst();
  }
}
