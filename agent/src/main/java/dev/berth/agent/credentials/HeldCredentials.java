package dev.berth.agent.credentials;

import dev.berth.agent.task.Work;
import dev.berth.link.message.ToAgent;
import dev.berth.link.message.ToControl;
import dev.berth.link.stream.ControlSession;
import dev.berth.model.signature.RoleCredentials;
import dev.berth.model.task.TaskId;
import dev.berth.model.task.TaskSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Keeps valid credentials for every live task that has a role.
 *
 * <p>They are asked for when a task is told, and again after half of their time, so that whoever
 * asks a task's SDK gets some that hold long enough. While control is away the last ones are served
 * until they end. Methods may be called by any thread.
 */
public final class HeldCredentials {
  /** A question or its answer may have been lost. */
  private static final Duration ASK_AGAIN = Duration.ofSeconds(5);

  /** How soon it is seen that a task has ended. */
  private static final Duration LOOK_AGAIN = Duration.ofMinutes(1);

  private final Work work;
  private final InstantSource clock;
  private final Predicate<TaskId> lives;
  private final Map<TaskId, Held> held = new ConcurrentHashMap<>();
  private final AtomicReference<@Nullable ControlSession> session = new AtomicReference<>();

  /** What a task has. The future is done with the first credentials, for those who wait. */
  private static final class Held {
    private final CompletableFuture<RoleCredentials> first = new CompletableFuture<>();
    private volatile @Nullable RoleCredentials newest;
    private volatile Instant renewAt = Instant.MIN;
  }

  /**
   * @param lives whether a task may still need credentials
   */
  public HeldCredentials(Work work, InstantSource clock, Predicate<TaskId> lives) {
    this.work = work;
    this.clock = clock;
    this.lives = lives;
  }

  /** A task is here, perhaps told again. One without a role is none of this one's business. */
  public void told(TaskSpec spec) {
    if (spec.role().isPresent() && held.putIfAbsent(spec.id(), new Held()) == null) {
      look(spec.id());
    }
  }

  /** Asks if it is time, and comes back when it will be. */
  private void look(TaskId task) {
    var known = held.get(task);
    if (known == null) {
      return;
    }
    if (!lives.test(task)) {
      held.remove(task);
      return;
    }
    var now = clock.instant();
    if (now.isBefore(known.renewAt)) {
      var pause = Duration.between(now, known.renewAt);
      work.later(pause.compareTo(LOOK_AGAIN) < 0 ? pause : LOOK_AGAIN, () -> look(task));
      return;
    }
    ask(task);
    work.later(ASK_AGAIN, () -> look(task));
  }

  private void ask(TaskId task) {
    var connected = session.get();
    if (connected != null) {
      connected.send(new ToControl.AskCredentials(task));
    }
  }

  public void connected(ControlSession connected) {
    session.set(connected);
    var now = clock.instant();
    held.forEach(
        (task, known) -> {
          if (!now.isBefore(known.renewAt)) {
            ask(task);
          }
        });
  }

  public void disconnected(ControlSession gone) {
    session.compareAndSet(gone, null);
  }

  /** New ones are served at once; the ones before stay valid with whoever has them. */
  public void answered(ToAgent.Credentials answer) {
    var known = held.get(answer.task());
    var credentials = answer.credentials();
    var now = clock.instant();
    var before = known == null ? null : known.newest;
    if (known == null || (before != null && isOlder(credentials, before))) {
      return;
    }
    known.newest = credentials;
    known.renewAt = now.plus(Duration.between(now, credentials.expiresAt()).dividedBy(2));
    known.first.complete(credentials);
  }

  private static boolean isOlder(RoleCredentials one, RoleCredentials other) {
    return one.expiresAt().isBefore(other.expiresAt());
  }

  /**
   * The newest credentials that are still valid.
   *
   * @param wait how long to wait for the first ones of a task that has only just come
   */
  public Optional<RoleCredentials> of(TaskId task, Duration wait) throws InterruptedException {
    var known = held.get(task);
    if (known == null) {
      return Optional.empty();
    }
    try {
      var _ = known.first.get(wait.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException none) {
      return Optional.empty();
    } catch (ExecutionException e) {
      throw new IllegalStateException("no question fails by itself", e);
    }
    return Optional.ofNullable(known.newest)
        .filter(credentials -> clock.instant().isBefore(credentials.expiresAt()));
  }
}
