package dev.berth.logs;

/** What became of an append. */
public sealed interface Appended {
  /** It is durable. */
  record Stored() implements Appended {}

  /**
   * Nothing was stored: the stream stands elsewhere in its source than the block supposes, because
   * the block was sent before, or because one before it was not.
   */
  record StandsAt(LogStream.SourceProgress progress) implements Appended {}

  /** There is no such stream, or no such group. */
  record NoStream() implements Appended {}

  /** The block's bytes are not what it says. */
  record Malformed(String why) implements Appended {}
}
