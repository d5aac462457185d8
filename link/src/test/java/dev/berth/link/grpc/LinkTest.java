package dev.berth.link.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.link.message.MessageExamples;
import dev.berth.link.message.ToAgent;
import dev.berth.link.message.ToControl;
import dev.berth.link.stream.ControlListener;
import dev.berth.link.stream.ControlSession;
import dev.berth.link.stream.HostListener;
import dev.berth.link.stream.HostSession;
import io.grpc.CallOptions;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LinkTest {
  private static final String TOKEN = "a token of the test";
  private static final long FOREVER_MILLIS = 3_600_000;
  private static final ToControl.Hello HELLO = new ToControl.Hello(1, MessageExamples.facts());

  private final String name = "link-test-" + UUID.randomUUID();
  private final Control control = new Control();
  private final Host host = new Host();

  @Test
  void everyMessageArrivesInsideOneProcess() throws Exception {
    try (var server = server(FOREVER_MILLIS);
        var _ = LinkClient.inProcess(name, withoutHeartbeat(), host, new Random(1))) {
      server.listenInProcess(name);
      everyMessageArrives();
    }
  }

  @Test
  void everyMessageArrivesOverTcp() throws Exception {
    try (var server = server(FOREVER_MILLIS)) {
      var loopback = InetAddress.getLoopbackAddress();
      int port = server.listenTcp(new InetSocketAddress(loopback, 0));
      try (var _ =
          LinkClient.tcp(
              new InetSocketAddress(loopback, port), withoutHeartbeat(), host, new Random(1))) {
        everyMessageArrives();
      }
    }
  }

  private void everyMessageArrives() throws Exception {
    var session = control.next(Connected.class).session();
    for (var message : MessageExamples.toAgent()) {
      session.send(message);
      assertThat(host.messages.take()).isEqualTo(message);
    }
    var agentEnd = host.session();
    for (var message : MessageExamples.toControl()) {
      agentEnd.send(message);
      assertThat(control.next(Received.class).message()).isEqualTo(message);
    }
  }

  @Test
  void aHostConnectsAgainWhenControlEndsItsSession() throws Exception {
    try (var server = server(FOREVER_MILLIS);
        var _ = inProcess(TOKEN)) {
      server.listenInProcess(name);
      var first = control.next(Connected.class).session();
      first.close();
      assertThat(control.next(Disconnected.class).session()).isSameAs(first);
      assertThat(control.next(Connected.class).session()).isNotSameAs(first);
    }
  }

  @Test
  void aHostConnectsToAControlThatStartsLaterAndAgainToTheNextOne() throws Exception {
    try (var _ = inProcess(TOKEN)) {
      for (int life = 0; life < 3; life++) {
        try (var server = server(FOREVER_MILLIS)) {
          server.listenInProcess(name);
          control.next(Connected.class);
        }
        control.next(Disconnected.class);
      }
    }
  }

  @Test
  void aCallWithoutTheTokenIsRefusedAndNeverHeard() throws Exception {
    var wrong = new Metadata();
    wrong.put(LinkProtocol.AUTHORIZATION, LinkProtocol.authorization("a wrong token"));
    try (var server = server(FOREVER_MILLIS)) {
      server.listenInProcess(name);
      var channel = InProcessChannelBuilder.forName(name).build();
      for (var headers : List.of(new Metadata(), wrong)) {
        var call = new ControlCall(host);
        var _ =
            ClientCalls.asyncBidiStreamingCall(
                ClientInterceptors.intercept(
                        channel, MetadataUtils.newAttachHeadersInterceptor(headers))
                    .newCall(LinkProtocol.CONNECT, CallOptions.DEFAULT),
                call);
        assertThat(call.awaitEnd().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
      }
      channel.shutdownNow();
    }
    assertThat(control.events).isEmpty();
  }

  @Test
  void aSilentHostLosesItsSession() throws Exception {
    try (var server = server(50)) {
      server.listenInProcess(name);
      try (var _ = LinkClient.inProcess(name, withoutHeartbeat(), host, new Random(1))) {
        var session = control.next(Connected.class).session();
        assertThat(control.next(Disconnected.class).session()).isSameAs(session);
      }
    }
  }

  @Test
  void aHostThatSendsHeartbeatsKeepsItsSession() throws Exception {
    try (var server = server(2_000);
        var _ = inProcess(TOKEN)) {
      server.listenInProcess(name);
      control.next(Connected.class);
      for (int beat = 0; beat < 100; beat++) {
        assertThat(control.next(Received.class).message()).isEqualTo(new ToControl.Heartbeat());
      }
    }
  }

  @Test
  void aHostThatDoesNotKeepUpLosesItsSession() throws Exception {
    try (var server = server(FOREVER_MILLIS);
        var _ = inProcess(TOKEN)) {
      server.listenInProcess(name);
      var session = control.next(Connected.class).session();
      host.blocked = new CountDownLatch(1);
      var sync = MessageExamples.toAgent().getFirst();
      for (int i = 0; i < 2 * OutgoingMessages.WAITING_COUNT_MAX; i++) {
        session.send(sync);
      }
      assertThat(control.next(Disconnected.class).session()).isSameAs(session);
      host.blocked.countDown();
    }
  }

  @Test
  void aMessageOverTheLimitEndsTheSessionAndNotTheLink() throws Exception {
    try (var server = server(FOREVER_MILLIS);
        var _ = inProcess(TOKEN)) {
      server.listenInProcess(name);
      control.next(Connected.class);
      var text = "x".repeat(LinkProtocol.MESSAGE_BYTES_MAX);
      var line = new ToControl.OutputLine(Instant.EPOCH, "stdout", text, false);
      host.session().send(new ToControl.Output(1, List.of(line), 1, true));
      control.next(Disconnected.class);
      control.next(Connected.class);
    }
  }

  @Test
  void aHostThatDoesNotSayHelloFirstIsRefused() throws Exception {
    host.hello = false;
    try (var server = server(FOREVER_MILLIS);
        var _ = inProcess(TOKEN)) {
      server.listenInProcess(name);
      host.disconnections.take(); // By its first heartbeat.
      assertThat(control.events).isEmpty();
    }
  }

  @Test
  void waitingDoublesUpToItsBoundAndIsSpread() {
    var backoff = new Backoff(100, 1_000, new Random(7));
    var pauses = LongStream.generate(backoff::nextMillis).limit(50).toArray();
    assertThat(pauses[0]).isBetween(50L, 100L);
    assertThat(pauses[1]).isBetween(100L, 200L);
    for (int i = 4; i < pauses.length; i++) {
      assertThat(pauses[i]).isBetween(500L, 1_000L);
    }
    assertThat(LongStream.of(pauses).distinct().count()).isGreaterThan(pauses.length / 2);
  }

  private LinkServer server(long silenceMillis) {
    return new LinkServer(new LinkServerSettings(TOKEN, silenceMillis), control);
  }

  private LinkClient inProcess(String token) {
    return LinkClient.inProcess(name, settings(token), host, new Random(1));
  }

  private static LinkClientSettings settings(String token) {
    return new LinkClientSettings(token, 10, 2, 20);
  }

  private static LinkClientSettings withoutHeartbeat() {
    return new LinkClientSettings(TOKEN, FOREVER_MILLIS, 2, 20);
  }

  private sealed interface Event {}

  private record Connected(HostSession session, ToControl.Hello hello) implements Event {}

  private record Received(HostSession session, ToControl message) implements Event {}

  private record Disconnected(HostSession session) implements Event {}

  private static final class Control implements HostListener {
    final BlockingQueue<Event> events = new ArrayBlockingQueue<>(100_000);

    /** Skips what is of another kind. */
    <T extends Event> T next(Class<T> kind) throws InterruptedException, IOException {
      while (true) {
        var event = events.poll(30, TimeUnit.SECONDS);
        if (event == null) {
          throw new IOException("no " + kind.getSimpleName());
        }
        if (kind.isInstance(event)) {
          return kind.cast(event);
        }
      }
    }

    @Override
    public void connected(HostSession session, ToControl.Hello hello) {
      assertThat(hello).isEqualTo(HELLO);
      events.add(new Connected(session, hello));
    }

    @Override
    public void received(HostSession session, ToControl message) {
      events.add(new Received(session, message));
    }

    @Override
    public void disconnected(HostSession session) {
      events.add(new Disconnected(session));
    }
  }

  private static final class Host implements ControlListener {
    final BlockingQueue<ToAgent> messages = new ArrayBlockingQueue<>(100_000);
    final BlockingQueue<ControlSession> disconnections = new ArrayBlockingQueue<>(100_000);
    final BlockingQueue<ControlSession> sessions = new ArrayBlockingQueue<>(100_000);
    volatile CountDownLatch blocked = new CountDownLatch(0);
    volatile boolean hello = true;

    ControlSession session() throws InterruptedException {
      return sessions.take();
    }

    @Override
    public void connected(ControlSession session) {
      sessions.add(session);
      if (hello) {
        session.send(HELLO);
      }
    }

    @Override
    public void received(ControlSession session, ToAgent message) {
      try {
        blocked.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      messages.add(message);
    }

    @Override
    public void disconnected(ControlSession session) {
      disconnections.add(session);
    }
  }
}
