package dev.berth.link.grpc;

import dev.berth.link.message.ToControl;
import dev.berth.link.stream.ControlListener;
import io.grpc.CallOptions;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The agent's side of its link: connects, sends heartbeats, and connects again for ever.
 *
 * <p>The listener's calls come one after the other, sessions too: one ends before the next begins.
 */
public final class LinkClient implements AutoCloseable {
  private static final long PING_SECONDS = 10;
  private static final long CLOSE_SECONDS = 2;
  private static final Logger LOG = LoggerFactory.getLogger(LinkClient.class);

  private final LinkClientSettings settings;
  private final ControlListener listener;
  private final Backoff backoff;
  private final ManagedChannel channel;
  private final ExecutorService callbacks =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("link-client").factory());
  private final ScheduledExecutorService heart =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("link-heartbeat").factory());
  private final Thread keeper;
  private volatile @Nullable ControlCall current;

  private LinkClient(
      ManagedChannelBuilder<?> target,
      LinkClientSettings settings,
      ControlListener listener,
      RandomGenerator random) {
    this.settings = settings;
    this.listener = listener;
    this.backoff = new Backoff(settings.backoffMillisMin(), settings.backoffMillisMax(), random);
    this.channel =
        target.executor(callbacks).maxInboundMessageSize(LinkProtocol.MESSAGE_BYTES_MAX).build();
    this.keeper = Thread.ofVirtual().name("link-keeper").unstarted(this::keepConnected);
  }

  /** Connects to a {@link LinkServer} of this process. */
  public static LinkClient inProcess(
      String name, LinkClientSettings settings, ControlListener listener, RandomGenerator random) {
    return started(
        new LinkClient(InProcessChannelBuilder.forName(name), settings, listener, random));
  }

  /** Connects over TCP. The token goes over it as it is: loopback only, until there is TLS. */
  public static LinkClient tcp(
      InetSocketAddress address,
      LinkClientSettings settings,
      ControlListener listener,
      RandomGenerator random) {
    return started(
        new LinkClient(
            NettyChannelBuilder.forAddress(address)
                .usePlaintext()
                .keepAliveTime(PING_SECONDS, TimeUnit.SECONDS)
                .keepAliveTimeout(PING_SECONDS, TimeUnit.SECONDS),
            settings,
            listener,
            random));
  }

  private static LinkClient started(LinkClient client) {
    client.keeper.start();
    return client;
  }

  private void keepConnected() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        var call = new ControlCall(listener);
        current = call;
        var end = runToEnd(call);
        if (call.heard()) {
          backoff.reset();
        }
        long pauseMillis = backoff.nextMillis();
        LOG.atInfo()
            .addKeyValue("status", end.getCode())
            .addKeyValue("why", ControlCall.describe(end).orElse(""))
            .addKeyValue("pauseMillis", pauseMillis)
            .log("no connection to control");
        Thread.sleep(pauseMillis);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // Closed.
    }
  }

  private Status runToEnd(ControlCall call) throws InterruptedException {
    var headers = new Metadata();
    headers.put(LinkProtocol.AUTHORIZATION, LinkProtocol.authorization(settings.token()));
    channel.resetConnectBackoff(); // The pauses here are the only ones.
    var _ =
        ClientCalls.asyncBidiStreamingCall(
            ClientInterceptors.intercept(
                    channel, MetadataUtils.newAttachHeadersInterceptor(headers))
                .newCall(LinkProtocol.CONNECT, CallOptions.DEFAULT),
            call);
    ScheduledFuture<?> beats =
        heart.scheduleAtFixedRate(
            () -> call.send(new ToControl.Heartbeat()),
            settings.heartbeatMillis(),
            settings.heartbeatMillis(),
            TimeUnit.MILLISECONDS);
    try {
      return call.awaitEnd();
    } finally {
      beats.cancel(false);
    }
  }

  /** Ends the session and never connects again. */
  @Override
  public void close() {
    keeper.interrupt();
    var call = current;
    if (call != null) {
      call.close();
    }
    heart.shutdownNow();
    channel.shutdownNow();
    try {
      channel.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
      keeper.join(TimeUnit.SECONDS.toMillis(CLOSE_SECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      callbacks.shutdown();
    }
  }
}
