package dev.berth.control.rounds;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the rounds on a thread of their own: every second, and placing at once when woken. */
public final class RoundsLoop implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RoundsLoop.class);
  private static final Duration TICK = Duration.ofSeconds(1);

  private final Rounds rounds;
  private final Wake wake;
  private final InstantSource clock;
  private final Thread thread;

  private RoundsLoop(Rounds rounds, Wake wake, InstantSource clock) {
    this.rounds = rounds;
    this.wake = wake;
    this.clock = clock;
    this.thread = Thread.ofVirtual().name("rounds").unstarted(this::loop);
  }

  public static RoundsLoop start(Rounds rounds, Wake wake, InstantSource clock) {
    var loop = new RoundsLoop(rounds, wake, clock);
    loop.thread.start();
    return loop;
  }

  private void loop() {
    Instant tick = clock.instant();
    while (!Thread.currentThread().isInterrupted()) {
      try {
        wake.await(TICK.toMillis());
        rounds.place();
        if (!clock.instant().isBefore(tick.plus(TICK))) {
          tick = clock.instant();
          rounds.tellNetworks();
          rounds.giveUpSilentHosts();
          rounds.forgetWhatIsOld();
          rounds.forgetOldNetworks();
        }
      } catch (InterruptedException _) {
        return;
      } catch (RuntimeException failure) {
        LOG.atError().setCause(failure).log("a round failed; the next one tries again");
      }
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
