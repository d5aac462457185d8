package dev.berth.control.declaration;

import java.util.List;

/** A declaration that cannot be; its message is the first violation's, as AWS tells one only. */
public final class InvalidDeclaration extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient List<Violation> violations;

  /** Of at least one violation. */
  public InvalidDeclaration(List<Violation> violations) {
    super(violations.getFirst().message(), null, false, false);
    this.violations = List.copyOf(violations);
  }

  InvalidDeclaration(String path, String message) {
    this(List.of(new Violation(path, message)));
  }

  /** All that was found, in the order in which AWS would tell them. */
  public List<Violation> violations() {
    return violations;
  }
}
