package dev.berth.link.grpc;

import dev.berth.link.message.ToAgent;
import dev.berth.link.message.ToControl;
import dev.berth.link.stream.HostListener;
import dev.berth.link.stream.HostSession;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Control's end of one call. gRPC calls it back one at a time; it may be told to send or to end by
 * any thread.
 */
final class HostCall implements StreamObserver<ToControl>, HostSession {
  private static final Logger LOG = LoggerFactory.getLogger(HostCall.class);

  private final ServerCallStreamObserver<ToAgent> stream;
  private final HostListener listener;
  private final Consumer<HostCall> forget;
  private final OutgoingMessages<ToAgent> outgoing;
  private volatile long heardAtNanos = System.nanoTime();
  private volatile Optional<ToControl.Hello> hello = Optional.empty();

  private final AtomicBoolean over = new AtomicBoolean();

  HostCall(
      ServerCallStreamObserver<ToAgent> stream, HostListener listener, Consumer<HostCall> forget) {
    this.stream = stream;
    this.listener = listener;
    this.forget = forget;
    this.outgoing = new OutgoingMessages<>(stream);
    stream.setOnReadyHandler(outgoing::drain);
    stream.setOnCancelHandler(this::finished);
    stream.setOnCloseHandler(this::finished);
  }

  long heardAtNanos() {
    return heardAtNanos;
  }

  @Override
  public void onNext(ToControl message) {
    heardAtNanos = System.nanoTime();
    if (hello.isPresent()) {
      listener.received(this, message);
    } else if (message instanceof ToControl.Hello first) {
      hello = Optional.of(first);
      listener.connected(this, first);
    } else {
      end(Status.FAILED_PRECONDITION.withDescription("a host says hello first"));
    }
  }

  @Override
  public void onError(Throwable failure) {
    finished();
  }

  @Override
  public void onCompleted() {
    end(Status.OK);
  }

  /** The call is over, whoever ended it. */
  void finished() {
    outgoing.end();
    forget.accept(this);
    if (over.compareAndSet(false, true) && hello.isPresent()) {
      listener.disconnected(this);
    }
  }

  @Override
  public void send(ToAgent message) {
    if (!outgoing.offer(message)) {
      end(Status.RESOURCE_EXHAUSTED.withDescription("the host does not keep up"));
    }
  }

  @Override
  public void close() {
    end(Status.UNAVAILABLE.withDescription("control ends the session"));
  }

  void end(Status status) {
    if (outgoing.end()) {
      try {
        stream.onError(status.asRuntimeException());
      } catch (IllegalStateException alreadyClosed) {
        LOG.atDebug().setCause(alreadyClosed).log("the call had ended by itself");
      }
    }
  }

  /** For logs. */
  @Override
  public String toString() {
    return hello.map(said -> said.facts().id().toString()).orElse("unknown");
  }
}
