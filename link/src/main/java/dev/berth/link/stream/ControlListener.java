package dev.berth.link.stream;

import dev.berth.link.message.ToAgent;

/** What an agent does with what control says. */
public interface ControlListener {
  /** Connected; the agent now says {@link dev.berth.link.message.ToControl.Hello}. */
  void connected(ControlSession session);

  void received(ControlSession session, ToAgent message);

  void disconnected(ControlSession session);
}
