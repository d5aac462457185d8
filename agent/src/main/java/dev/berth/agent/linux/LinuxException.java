package dev.berth.agent.linux;

import java.io.IOException;

/** A system call failed: which, on what, and with which errno. */
public final class LinuxException extends IOException {
  private static final long serialVersionUID = 1L;

  private final int errno;

  public LinuxException(String operation, String resource, int errno) {
    super(operation + " " + resource + ": " + Errno.name(errno));
    this.errno = errno;
  }

  /** The kernel's error number; see {@link Errno}. */
  public int errno() {
    return errno;
  }
}
