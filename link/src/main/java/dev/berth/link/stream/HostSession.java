package dev.berth.link.stream;

import dev.berth.link.message.ToAgent;

/** Control's end of one connection of one host. */
public interface HostSession {
  /**
   * Sends without waiting. A message that cannot be sent is lost, and the session ends: the next
   * one opens with everything that should be true.
   */
  void send(ToAgent message);

  /** Ends the connection; the host connects again. */
  void close();
}
