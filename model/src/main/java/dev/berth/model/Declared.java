package dev.berth.model;

/**
 * A part of a declaration kept word for word, as the JSON text of the official shape: what Berth
 * shows again but does not act upon.
 */
public record Declared(String json) {
  /** Nothing was declared. */
  public static final Declared NOTHING = new Declared("{}");

  public boolean isNothing() {
    return json.equals("{}") || json.equals("[]");
  }
}
