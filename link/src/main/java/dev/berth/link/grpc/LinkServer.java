package dev.berth.link.grpc;

import dev.berth.link.message.ToAgent;
import dev.berth.link.message.ToControl;
import dev.berth.link.stream.HostListener;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerBuilder;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Control's side of every link: hosts of this process and of others call it.
 *
 * <p>The listener's calls for one session come one after the other, on a small fixed pool: they
 * must not block. Closing ends all sessions.
 */
public final class LinkServer implements AutoCloseable {
  /** A few threads answered ten times faster at the 99th percentile than virtual ones. */
  static final int CALLBACK_THREAD_COUNT = 2;

  private static final long PING_PERMITTED_SECONDS = 5;
  private static final long CLOSE_SECONDS = 2;
  private static final Logger LOG = LoggerFactory.getLogger(LinkServer.class);

  private final LinkServerSettings settings;
  private final HostListener listener;
  private final ServerServiceDefinition service;
  private final List<Server> servers = new ArrayList<>();
  private final Set<HostCall> calls = ConcurrentHashMap.newKeySet();
  private final ExecutorService callbacks =
      Executors.newFixedThreadPool(
          CALLBACK_THREAD_COUNT, Thread.ofPlatform().daemon().name("link-server-", 0).factory());
  private final ScheduledExecutorService watchman =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("link-silence").factory());

  public LinkServer(LinkServerSettings settings, HostListener listener) {
    this.settings = settings;
    this.listener = listener;
    this.service =
        ServerInterceptors.intercept(
            ServerServiceDefinition.builder(LinkProtocol.SERVICE)
                .addMethod(
                    LinkProtocol.CONNECT, ServerCalls.asyncBidiStreamingCall(this::connected))
                .build(),
            new TokenCheck(settings.token()));
    long roundMillis = Math.max(1, settings.silenceMillis() / 4);
    var _ =
        watchman.scheduleWithFixedDelay(
            this::endSilent, roundMillis, roundMillis, TimeUnit.MILLISECONDS);
  }

  /** Takes calls from this process, under that name. */
  public void listenInProcess(String name) throws IOException {
    listen(InProcessServerBuilder.forName(name));
  }

  /** Takes calls over TCP; gives the port, which matters where 0 was asked for. */
  public int listenTcp(InetSocketAddress address) throws IOException {
    return listen(
            NettyServerBuilder.forAddress(address)
                .permitKeepAliveTime(PING_PERMITTED_SECONDS, TimeUnit.SECONDS)
                .permitKeepAliveWithoutCalls(true))
        .getPort();
  }

  private synchronized Server listen(ServerBuilder<?> builder) throws IOException {
    var server =
        builder
            .addService(service)
            .executor(callbacks)
            .maxInboundMessageSize(LinkProtocol.MESSAGE_BYTES_MAX)
            .build()
            .start();
    servers.add(server);
    return server;
  }

  private StreamObserver<ToControl> connected(StreamObserver<ToAgent> outgoing) {
    var call = new HostCall((ServerCallStreamObserver<ToAgent>) outgoing, listener, calls::remove);
    calls.add(call);
    return call;
  }

  private void endSilent() {
    long now = System.nanoTime();
    for (var call : calls) {
      if (now - call.heardAtNanos() > TimeUnit.MILLISECONDS.toNanos(settings.silenceMillis())) {
        LOG.atInfo().addKeyValue("host", call).log("host is silent; its session ends");
        call.end(Status.DEADLINE_EXCEEDED.withDescription("silent for too long"));
      }
    }
  }

  @Override
  public void close() {
    watchman.shutdownNow();
    List<Server> ending;
    synchronized (this) {
      ending = List.copyOf(servers);
      servers.clear();
    }
    ending.forEach(Server::shutdown);
    calls.forEach(HostCall::close);
    try {
      for (var server : ending) {
        if (!server.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
          server.shutdownNow();
        }
      }
      callbacks.shutdown();
      callbacks.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
      // A call may learn of its end too late for a callback: nobody else would tell the listener.
      List.copyOf(calls).forEach(HostCall::finished);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      callbacks.shutdownNow();
    }
  }

  /** Lets nobody in who does not know the token, before anything of the call is read. */
  private record TokenCheck(String token) implements ServerInterceptor {
    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
      var shown = headers.get(LinkProtocol.AUTHORIZATION);
      if (shown == null || !same(shown, LinkProtocol.authorization(token))) {
        LOG.atWarn().log("a call without the agents' token was refused");
        call.close(
            Status.UNAUTHENTICATED.withDescription("the agents' token is wrong or missing"),
            new Metadata());
        return new ServerCall.Listener<>() {};
      }
      return next.startCall(call, headers);
    }

    private static boolean same(String left, String right) {
      return MessageDigest.isEqual(
          left.getBytes(StandardCharsets.UTF_8), right.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String toString() {
      return "TokenCheck";
    }
  }
}
