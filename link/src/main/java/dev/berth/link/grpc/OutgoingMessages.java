package dev.berth.link.grpc;

import io.grpc.stub.CallStreamObserver;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * What one end of a session has said and the transport has not yet taken. Bounded: a peer that does
 * not keep up loses its session, not this process its memory.
 */
final class OutgoingMessages<T> {
  /** More than the largest host has tasks, each of which is reported when a session begins. */
  static final int WAITING_COUNT_MAX = 16_384;

  private final CallStreamObserver<T> stream;
  private final Queue<T> waiting = new ArrayDeque<>();
  private boolean ended;

  OutgoingMessages(CallStreamObserver<T> stream) {
    this.stream = stream;
  }

  /** False when the session cannot go on: too much is waiting, or it has ended. */
  synchronized boolean offer(T message) {
    if (ended || waiting.size() >= WAITING_COUNT_MAX) {
      return false;
    }
    waiting.add(message);
    drain();
    return true;
  }

  /** Gives the transport as much as it takes. A gRPC stream is not safe for several threads. */
  synchronized void drain() {
    while (!ended && stream.isReady()) {
      T next = waiting.poll();
      if (next == null) {
        return;
      }
      stream.onNext(next);
    }
  }

  /** Nothing goes out any more. True the first time only. */
  synchronized boolean end() {
    boolean first = !ended;
    ended = true;
    waiting.clear();
    return first;
  }
}
