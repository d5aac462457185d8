package dev.berth.agent.network;

import dev.berth.agent.linux.Namespaces;
import dev.berth.agent.network.VpcRoom.Guest;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Listeners of every guest on some ports, and single packets between them: a listener that is there
 * answers at once, so what has not come after {@link #WAIT_MILLIS} was stopped.
 */
final class Probes implements AutoCloseable {
  /** Hundreds of times what a packet takes from namespace to namespace. */
  private static final long WAIT_MILLIS = 30;

  private static final long PATIENT_MILLIS = 5_000;

  private final List<Guest> guests;
  private final List<AutoCloseable> sockets = new ArrayList<>();
  private final List<Map<Integer, DatagramChannel>> datagrams = new ArrayList<>();

  Probes(List<Guest> guests, int[] ports) throws IOException {
    this.guests = guests;
    for (var guest : guests) {
      datagrams.add(
          Namespaces.inNetwork(
              guest.namespace(),
              () -> {
                var mine = new HashMap<Integer, DatagramChannel>();
                for (int port : ports) {
                  var stream = ServerSocketChannel.open();
                  sockets.add(stream);
                  stream.bind(new InetSocketAddress(port));
                  var datagram = DatagramChannel.open();
                  sockets.add(datagram);
                  datagram.bind(new InetSocketAddress(port));
                  datagram.configureBlocking(false);
                  mine.put(port, datagram);
                }
                return mine;
              }));
    }
  }

  /** What is expected to pass is given the time that a busy machine needs. */
  boolean passes(int from, int to, boolean stream, int port, boolean expected) throws IOException {
    var target = new InetSocketAddress(guests.get(to).address().inet(), port);
    long millis = expected ? PATIENT_MILLIS : WAIT_MILLIS;
    return stream ? connects(from, target, millis) : delivers(from, target, to, port, millis);
  }

  private boolean connects(int from, InetSocketAddress target, long millis) throws IOException {
    try (var socket = Namespaces.inNetwork(guests.get(from).namespace(), SocketChannel::open);
        var selector = Selector.open()) {
      socket.setOption(StandardSocketOptions.SO_LINGER, 0); // No port waits for late packets.
      socket.configureBlocking(false);
      if (socket.connect(target)) {
        return true;
      }
      socket.register(selector, SelectionKey.OP_CONNECT);
      return selector.select(millis) > 0 && socket.finishConnect();
    }
  }

  private boolean delivers(int from, InetSocketAddress target, int to, int port, long millis)
      throws IOException {
    try (var sender = Namespaces.inNetwork(guests.get(from).namespace(), DatagramChannel::open);
        var selector = Selector.open()) {
      var listener = Objects.requireNonNull(datagrams.get(to).get(port));
      var key = listener.register(selector, SelectionKey.OP_READ);
      sender.send(ByteBuffer.wrap(new byte[] {1}), target);
      boolean arrived = selector.select(millis) > 0;
      while (listener.receive(ByteBuffer.allocate(8)) != null) {
        arrived = true;
      }
      key.cancel();
      selector.selectNow();
      return arrived;
    }
  }

  @Override
  public void close() throws IOException {
    for (var socket : sockets) {
      try {
        socket.close();
      } catch (Exception e) {
        throw new IOException("a probe's socket is not closed", e);
      }
    }
  }
}
