package dev.berth.link.grpc;

import dev.berth.link.message.ToAgent;
import dev.berth.link.message.ToControl;
import dev.berth.link.stream.ControlListener;
import dev.berth.link.stream.ControlSession;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * The agent's end of one call. gRPC calls it back one at a time; it may be told to send or to end
 * by any thread.
 */
final class ControlCall implements ClientResponseObserver<ToControl, ToAgent>, ControlSession {
  private final ControlListener listener;
  private final CountDownLatch over = new CountDownLatch(1);
  private volatile @Nullable ClientCallStreamObserver<ToControl> stream;
  private volatile @Nullable OutgoingMessages<ToControl> outgoing;
  private volatile Status end = Status.OK;
  private volatile boolean heard;

  /** Touched by gRPC's callbacks only. */
  private boolean connected;

  ControlCall(ControlListener listener) {
    this.listener = listener;
  }

  @Override
  public void beforeStart(ClientCallStreamObserver<ToControl> starting) {
    stream = starting;
    outgoing = new OutgoingMessages<>(starting);
    starting.setOnReadyHandler(this::ready);
  }

  /** Called the first time once there is a connection, and again whenever there is room. */
  private void ready() {
    if (!connected) {
      connected = true;
      listener.connected(this);
    }
    var messages = outgoing;
    if (messages != null) {
      messages.drain();
    }
  }

  @Override
  public void onNext(ToAgent message) {
    heard = true;
    listener.received(this, message);
  }

  @Override
  public void onError(Throwable failure) {
    finished(Status.fromThrowable(failure));
  }

  @Override
  public void onCompleted() {
    finished(Status.OK);
  }

  private void finished(Status status) {
    end = status;
    var messages = outgoing;
    if (messages != null) {
      messages.end();
    }
    try {
      if (connected) {
        listener.disconnected(this);
      }
    } finally {
      over.countDown();
    }
  }

  @Override
  public void send(ToControl message) {
    var messages = outgoing;
    if (messages != null && !messages.offer(message)) {
      end("control does not keep up");
    }
  }

  @Override
  public void close() {
    end("the agent ends the session");
  }

  private void end(String why) {
    var messages = outgoing;
    var call = stream;
    if (messages != null && call != null && messages.end()) {
      call.cancel(why, null);
    }
  }

  /** Waits for the end of the call and says why it ended. */
  Status awaitEnd() throws InterruptedException {
    over.await();
    return end;
  }

  /** Whether control ever said anything. */
  boolean heard() {
    return heard;
  }

  /** For logs. */
  static Optional<String> describe(Status status) {
    return Optional.ofNullable(status.getDescription());
  }
}
