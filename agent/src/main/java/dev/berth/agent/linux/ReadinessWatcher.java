package dev.berth.agent.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Tells when descriptors become readable: a pidfd when its process ends, a pipe when there is data
 * or its writers are gone. One platform thread waits for all, so waiting virtual threads only park.
 */
public final class ReadinessWatcher implements AutoCloseable {
  private static final int EPOLL_CLOEXEC = 0x80000;
  private static final int EPOLL_CTL_ADD = 1;
  private static final int EPOLL_CTL_DEL = 2;
  private static final int EPOLLIN = 1;
  private static final int EPOLLONESHOT = 1 << 30;

  /** As many as one wake-up hands over; the rest come with the next. */
  private static final int EVENT_COUNT_MAX = 64;

  /** Also how long {@link #close} may take. */
  private static final int WAIT_MILLIS = 500;

  /** The kernel packs the struct on x86-64 only. */
  private static final boolean PACKED = System.getProperty("os.arch", "").equals("amd64");

  private static final int EVENT_SIZE = PACKED ? 12 : 16;
  private static final int DATA_OFFSET = PACKED ? 4 : 8;

  private static final NativeCall CREATE = NativeCall.ofInt("epoll_create1", JAVA_INT);
  private static final NativeCall CONTROL =
      NativeCall.ofInt("epoll_ctl", JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS);
  private static final NativeCall WAIT =
      NativeCall.ofInt("epoll_wait", JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);

  private final Descriptor epoll;

  /** By a token that is never used twice: a descriptor's number is, and events may come late. */
  private final ConcurrentHashMap<Integer, CompletableFuture<Void>> waiting =
      new ConcurrentHashMap<>();

  private final AtomicInteger tokens = new AtomicInteger();
  private final Thread thread;
  private volatile boolean closed;

  public ReadinessWatcher() throws IOException {
    epoll = new Descriptor((int) CREATE.on("epoll", EPOLL_CLOEXEC));
    thread = Thread.ofPlatform().name("readiness").daemon().start(this::run);
  }

  /** Interest in one descriptor, which stays open until this is closed. */
  public final class Watch implements AutoCloseable {
    private final Descriptor descriptor;
    private final int token = tokens.incrementAndGet();
    private final CompletableFuture<Void> readable = new CompletableFuture<>();

    private Watch(Descriptor descriptor) {
      this.descriptor = descriptor;
    }

    /** Completes when the descriptor is readable. */
    public CompletableFuture<Void> readable() {
      return readable;
    }

    @Override
    public void close() {
      try (var arena = Arena.ofConfined()) {
        CONTROL.orErrno(
            epoll.number(), EPOLL_CTL_DEL, descriptor.number(), arena.allocate(EVENT_SIZE, 8));
      }
      waiting.remove(token);
    }
  }

  /** Begins to watch a descriptor, for one event. */
  public Watch watch(Descriptor descriptor) throws IOException {
    var watch = new Watch(descriptor);
    waiting.put(watch.token, watch.readable);
    try (var arena = Arena.ofConfined()) {
      var event = arena.allocate(EVENT_SIZE, 8);
      event.set(JAVA_INT_UNALIGNED, 0, EPOLLIN | EPOLLONESHOT);
      event.set(JAVA_INT_UNALIGNED, DATA_OFFSET, watch.token);
      CONTROL.on(
          "descriptor " + descriptor.number(),
          epoll.number(),
          EPOLL_CTL_ADD,
          descriptor.number(),
          event);
    } catch (IOException e) {
      waiting.remove(watch.token);
      throw e;
    }
    return watch;
  }

  private void run() {
    try (var arena = Arena.ofConfined()) {
      var events = arena.allocate((long) EVENT_SIZE * EVENT_COUNT_MAX, 8);
      while (!closed) {
        long count = WAIT.orErrno(epoll.number(), events, EVENT_COUNT_MAX, WAIT_MILLIS);
        for (int i = 0; i < count; i++) {
          int token = events.get(JAVA_INT_UNALIGNED, (long) i * EVENT_SIZE + DATA_OFFSET);
          var future = waiting.get(token);
          if (future != null) {
            future.complete(null);
          }
        }
      }
    } finally {
      epoll.close();
    }
  }

  /** Ends the thread; who still waits is never told. */
  @Override
  public void close() {
    closed = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
