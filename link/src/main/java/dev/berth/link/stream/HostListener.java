package dev.berth.link.stream;

import dev.berth.link.message.ToControl;

/** What control does with what hosts say. Implementations must not block for long. */
public interface HostListener {
  /** A host has connected and said who it is. */
  void connected(HostSession session, ToControl.Hello hello);

  void received(HostSession session, ToControl message);

  void disconnected(HostSession session);
}
