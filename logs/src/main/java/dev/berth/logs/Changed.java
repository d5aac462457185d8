package dev.berth.logs;

/** What became of a change to a group or a stream. */
public enum Changed {
  /** It is durable. */
  DONE,
  /** What should be made is there already. */
  EXISTS,
  NO_GROUP,
  NO_STREAM
}
