package dev.berth.agent.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * A netlink socket in the network namespace of the thread that opened it, for routes or for packet
 * filters. Facts: netlink(7) and rtnetlink(7).
 */
final class Netlink implements AutoCloseable {
  static final short NEW_LINK = 16;
  static final short DELETE_LINK = 17;
  static final short GET_LINK = 18;
  static final short NEW_ADDRESS = 20;
  static final short DELETE_ADDRESS = 21;
  static final short NEW_ROUTE = 24;
  static final short DELETE_ROUTE = 25;
  static final short NEW_NEIGHBOUR = 28;

  private static final int AF_NETLINK = 16;
  private static final int SOCK_RAW_CLOEXEC = 3 | 0x80000;
  private static final short REQUEST_AND_ACK = 1 | 4;
  private static final short CREATE_EXCLUSIVELY = 0x200 | 0x400;
  private static final short CREATE_OR_REPLACE = 0x100 | 0x400;
  private static final int NETLINK_ROUTE = 0;
  private static final int NETLINK_NETFILTER = 12;
  private static final short ERROR = 2;
  private static final int HEADER_SIZE = 16;
  private static final int MESSAGE_SIZE_MAX = 1024;
  private static final int ANSWER_SIZE_MAX = 8192;

  private static final NativeCall SOCKET = NativeCall.ofInt("socket", JAVA_INT, JAVA_INT, JAVA_INT);
  private static final NativeCall SEND =
      NativeCall.ofLong("send", JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);
  private static final NativeCall RECEIVE =
      NativeCall.ofLong("recv", JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);

  private final Descriptor socket;

  /** For links, addresses, routes and neighbours. */
  Netlink() throws IOException {
    this(NETLINK_ROUTE);
  }

  private Netlink(int protocol) throws IOException {
    socket = new Descriptor((int) SOCKET.on("netlink", AF_NETLINK, SOCK_RAW_CLOEXEC, protocol));
  }

  /** For packet filters and the table of connections. */
  static Netlink ofNetfilter() throws IOException {
    return new Netlink(NETLINK_NETFILTER);
  }

  /** A message under construction: a header, a fixed part, and attributes that may nest. */
  static final class Message {
    private final ByteBuffer bytes =
        ByteBuffer.allocate(MESSAGE_SIZE_MAX).order(ByteOrder.nativeOrder());

    private Message(short type, short flags) {
      bytes.putInt(0).putShort(type).putShort(flags).putInt(1).putInt(0);
    }

    /** Makes something that must not be there yet. */
    static Message create(short type) {
      return new Message(type, (short) (REQUEST_AND_ACK | CREATE_EXCLUSIVELY));
    }

    /** Makes something, or what is there of it equal to it. */
    static Message replace(short type) {
      return new Message(type, (short) (REQUEST_AND_ACK | CREATE_OR_REPLACE));
    }

    /** Changes or removes what is there. */
    static Message change(short type) {
      return new Message(type, REQUEST_AND_ACK);
    }

    /** Family, prefix length and the like: one byte each. */
    Message octets(int... values) {
      for (int value : values) {
        bytes.put((byte) value);
      }
      return this;
    }

    Message shorts(short first, short second) {
      bytes.putShort(first).putShort(second);
      return this;
    }

    Message number(int value) {
      bytes.putInt(value);
      return this;
    }

    /** The fixed part of a link's message. */
    Message link(int flags, int flagMask) {
      return link(0, flags, flagMask);
    }

    Message link(int index, int flags, int flagMask) {
      return octets(0, 0, 0, 0).number(index).number(flags).number(flagMask);
    }

    Message attribute(int type, byte[] value) {
      bytes.putShort((short) (4 + value.length)).putShort((short) type).put(value);
      return pad();
    }

    Message attribute(int type, String text) {
      return attribute(type, (text + "\0").getBytes(StandardCharsets.US_ASCII));
    }

    Message attribute(int type, int value) {
      return attribute(
          type, ByteBuffer.allocate(4).order(ByteOrder.nativeOrder()).putInt(value).array());
    }

    /** Begins an attribute that holds what is added until {@link #end}. */
    int begin(int type) {
      int start = bytes.position();
      bytes.putShort((short) 0).putShort((short) type);
      return start;
    }

    Message end(int start) {
      bytes.putShort(start, (short) (bytes.position() - start));
      return pad();
    }

    private Message pad() {
      while (bytes.position() % 4 != 0) {
        bytes.put((byte) 0);
      }
      return this;
    }

    private byte[] finish() {
      bytes.putInt(0, bytes.position());
      var finished = new byte[bytes.position()];
      bytes.get(0, finished);
      return finished;
    }
  }

  /** Sends the message and hears the kernel's answer: 0, or the errno of its refusal. */
  int request(String resource, Message message) throws IOException {
    send(resource, message);
    var answer = receive(resource);
    if (answer.getShort(4) != ERROR) {
      throw new IOException("netlink " + resource + ": an answer of type " + answer.getShort(4));
    }
    return -answer.getInt(HEADER_SIZE);
  }

  /** Asks for something: what comes after the answer's header, in the machine's byte order. */
  ByteBuffer question(String resource, Message message) throws IOException {
    send(resource, message);
    var answer = receive(resource);
    if (answer.getShort(4) == ERROR) {
      throw new LinuxException("netlink", resource, -answer.getInt(HEADER_SIZE));
    }
    int acknowledged = -receive(resource).getInt(HEADER_SIZE);
    if (acknowledged != 0) {
      throw new LinuxException("netlink", resource, acknowledged);
    }
    return answer.position(HEADER_SIZE).slice().order(ByteOrder.nativeOrder());
  }

  private void send(String resource, Message message) throws IOException {
    var sent = message.finish();
    NativeCall.withMemory(
        arena -> {
          var out = arena.allocate(sent.length, 4);
          MemorySegment.copy(sent, 0, out, JAVA_BYTE, 0, sent.length);
          return SEND.on(resource, socket.number(), out, (long) sent.length, 0);
        });
  }

  private ByteBuffer receive(String resource) throws IOException {
    return NativeCall.withMemory(
        arena -> {
          var in = arena.allocate(ANSWER_SIZE_MAX, 4);
          long count = RECEIVE.on(resource, socket.number(), in, (long) ANSWER_SIZE_MAX, 0);
          var bytes = in.asSlice(0, count).toArray(JAVA_BYTE);
          return ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
        });
  }

  @Override
  public void close() {
    socket.close();
  }
}
