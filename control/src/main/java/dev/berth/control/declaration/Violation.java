package dev.berth.control.declaration;

/**
 * One thing that is wrong with a declaration.
 *
 * @param path of the member, such as {@code containerDefinitions[0].privileged}
 * @param message in AWS's words where they are known
 */
public record Violation(String path, String message) {
  /** The same, with the path from the owner of what it was found in. */
  Violation under(String owner) {
    return new Violation(owner + "." + path, message);
  }
}
