package dev.berth.bench.rig;

import java.nio.file.Path;

/** The statically linked busybox that serves as an image's only program. */
public final class Busybox {
  private Busybox() {}

  /** What {@code BERTH_BUSYBOX} names, as {@code ./berth} sets it; otherwise the system's own. */
  public static Path path() {
    return Path.of(System.getenv().getOrDefault("BERTH_BUSYBOX", "/bin/busybox"));
  }
}
