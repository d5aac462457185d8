package dev.berth.agent.cgroup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the kernel ready to move a process into another cgroup while a launch is under way.
 *
 * <p>A move takes the kernel's one lock against forks. The first after a pause waits for a grace
 * period of RCU, 5 to 15 ms; one that follows while the last is hardly over does not. A launch ends
 * in such a move, so that the wait is best begun with the launch, beside its other steps. What is
 * done here for that changes nothing: this process is moved to where it is. Facts: {@code
 * cgroup_attach_lock} in kernel/cgroup/cgroup.c, and kernel/rcu/sync.c.
 */
final class MoveReadiness {
  private static final Logger LOG = LoggerFactory.getLogger(MoveReadiness.class);

  /** From the order to launch until the container is in its cgroup, with some reserve. */
  private static final long READY_MILLIS = 60;

  /** Shorter than a grace period, after which the kernel would let go. */
  private static final long AGAIN_MILLIS = 4;

  private static final Path OWN = Path.of("/proc/self/cgroup");

  /** The kernel's word for the process that writes it. */
  private static final byte[] SELF = {'0'};

  private final Path hierarchy;
  private final String controller;
  private final Semaphore expected = new Semaphore(0);

  /**
   * @param hierarchy where one is mounted; any will do, since the lock is the same for all
   * @param controller by which /proc names that hierarchy; empty for version 2
   */
  private MoveReadiness(Path hierarchy, String controller) {
    this.hierarchy = hierarchy;
    this.controller = controller;
  }

  static MoveReadiness start(Path hierarchy, String controller) {
    var readiness = new MoveReadiness(hierarchy, controller);
    // The kernel holds the thread while it waits: a virtual one would hold its carrier too.
    Thread.ofPlatform().name("cgroup-moves").daemon().start(readiness::run);
    return readiness;
  }

  /** A container is to be put into its cgroup within the next moments. */
  void expect() {
    expected.release();
  }

  private void run() {
    try {
      while (true) {
        expected.acquire();
        var file = ownProcesses();
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(READY_MILLIS);
        while (System.nanoTime() < end) {
          Files.write(file, SELF, StandardOpenOption.WRITE);
          if (expected.tryAcquire(AGAIN_MILLIS, TimeUnit.MILLISECONDS)) {
            expected.drainPermits();
            end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(READY_MILLIS);
          }
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      LOG.atWarn().setCause(e).log("launches wait for the kernel's cgroup lock");
    }
  }

  /** Found anew each time: somebody may have moved this process meanwhile. */
  private Path ownProcesses() throws IOException {
    for (var line : Files.readAllLines(OWN)) {
      var fields = line.split(":", 3);
      if (fields.length == 3 && List.of(fields[1].split(",", -1)).contains(controller)) {
        var below = fields[2].substring(1);
        return hierarchy.resolve(below).resolve("cgroup.procs");
      }
    }
    throw new IOException(OWN + " names no cgroup of '" + controller + "'");
  }
}
