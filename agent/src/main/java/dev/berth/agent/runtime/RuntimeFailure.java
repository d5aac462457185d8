package dev.berth.agent.runtime;

import java.io.IOException;

/** The runtime refused or failed. The message names the operation, the container and the cause. */
public final class RuntimeFailure extends IOException {
  private static final long serialVersionUID = 1L;

  public RuntimeFailure(String message) {
    super(message);
  }

  public RuntimeFailure(String message, Throwable cause) {
    super(message, cause);
  }
}
