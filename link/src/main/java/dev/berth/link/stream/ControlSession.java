package dev.berth.link.stream;

import dev.berth.link.message.ToControl;

/** The agent's end of its connection. */
public interface ControlSession {
  /** Sends without waiting. A message that cannot be sent is lost, and the session ends. */
  void send(ToControl message);

  void close();
}
