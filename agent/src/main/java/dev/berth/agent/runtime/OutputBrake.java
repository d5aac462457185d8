package dev.berth.agent.runtime;

import java.io.IOException;

/** Makes a container wait with its output. */
public interface OutputBrake {
  /** From now on the container's writes wait, once what lies between is full. */
  void hold(ContainerKey key) throws IOException;

  /** Its output goes on. A container that does not wait, or is gone, is no failure. */
  void release(ContainerKey key) throws IOException;
}
