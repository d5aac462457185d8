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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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

  static final int AF_NETLINK = 16;
  private static final int SOCK_RAW_CLOEXEC = 3 | 0x80000;
  private static final short REQUEST_AND_ACK = 1 | 4;
  private static final short REQUEST = 1;
  private static final short ACK = 4;
  private static final short CREATE = 0x400;
  private static final short CREATE_EXCLUSIVELY = 0x200 | 0x400;
  private static final short CREATE_OR_REPLACE = 0x100 | 0x400;
  private static final int NETLINK_ROUTE = 0;
  static final int NETLINK_NETFILTER = 12;
  private static final short BATCH_BEGIN = 16;
  private static final short BATCH_END = 17;

  /** Whom a batch is for, in the network's byte order: nftables. */
  private static final int[] BATCH_FOR = {0, 0, 0, 10};

  private static final int SOL_SOCKET = 1;
  private static final int SO_SNDBUFFORCE = 32;
  private static final int TRANSACTION_SIZE_MAX = 8 << 20;
  private static final int MSG_DONTWAIT = 0x40;
  private static final short ERROR = 2;
  private static final int HEADER_SIZE = 16;
  private static final int FLAGS_OFFSET = 6;
  private static final int MESSAGE_SIZE_MAX = 1024;
  private static final int ANSWER_SIZE_MAX = 8192;

  private static final NativeCall SOCKET = NativeCall.ofInt("socket", JAVA_INT, JAVA_INT, JAVA_INT);
  private static final NativeCall SEND =
      NativeCall.ofLong("send", JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);
  private static final NativeCall RECEIVE =
      NativeCall.ofLong("recv", JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);
  private static final NativeCall SET_OPTION =
      NativeCall.ofInt("setsockopt", JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);

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
    var netlink = new Netlink(NETLINK_NETFILTER);
    try {
      NativeCall.withMemory(
          arena ->
              SET_OPTION.on(
                  "netlink",
                  netlink.socket.number(),
                  SOL_SOCKET,
                  SO_SNDBUFFORCE,
                  arena.allocateFrom(JAVA_INT, TRANSACTION_SIZE_MAX),
                  Integer.BYTES));
      return netlink;
    } catch (IOException | RuntimeException e) {
      netlink.close();
      throw e;
    }
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

    /** Makes something in a transaction, or finds it there. */
    static Message making(short type) {
      return new Message(type, (short) (REQUEST | CREATE));
    }

    /** Removes something in a transaction. */
    static Message removing(short type) {
      return new Message(type, REQUEST);
    }

    private Message acknowledged() {
      bytes.putShort(FLAGS_OFFSET, (short) (bytes.getShort(FLAGS_OFFSET) | ACK));
      return this;
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

  /** Does what all the messages say, or nothing of it. There is at least one. */
  void transaction(String resource, List<Message> messages) throws IOException {
    messages.getLast().acknowledged(); // Of the others only failures are told.
    var all = new ArrayList<Message>();
    all.add(Message.removing(BATCH_BEGIN).octets(BATCH_FOR));
    all.addAll(messages);
    all.add(Message.removing(BATCH_END).octets(BATCH_FOR));
    send(resource, all);
    // The kernel has answered by the time that it has taken the messages.
    int first = 0;
    int count = 0;
    for (var answer = receive(resource, MSG_DONTWAIT);
        answer.isPresent();
        answer = receive(resource, MSG_DONTWAIT)) {
      count++;
      int errno = -answer.get().getInt(HEADER_SIZE);
      first = first == 0 ? errno : first;
    }
    if (first != 0 || count == 0) {
      throw new LinuxException("netlink: change", resource, first);
    }
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
    send(resource, List.of(message));
  }

  private void send(String resource, List<Message> messages) throws IOException {
    var sent = messages.stream().map(Message::finish).toList();
    long size = sent.stream().mapToLong(bytes -> bytes.length).sum();
    NativeCall.withMemory(
        arena -> {
          var out = arena.allocate(size, 4);
          long offset = 0;
          for (var bytes : sent) {
            MemorySegment.copy(bytes, 0, out, JAVA_BYTE, offset, bytes.length);
            offset += bytes.length;
          }
          return SEND.on(resource, socket.number(), out, size, 0);
        });
  }

  private ByteBuffer receive(String resource) throws IOException {
    return receive(resource, 0).orElseThrow();
  }

  /** Empty where there is nothing and it is not to wait. */
  private Optional<ByteBuffer> receive(String resource, int flags) throws IOException {
    return NativeCall.withMemory(
        arena -> {
          var in = arena.allocate(ANSWER_SIZE_MAX, 4);
          long count = RECEIVE.orErrno(socket.number(), in, (long) ANSWER_SIZE_MAX, flags);
          if (count == -Errno.EAGAIN) {
            return Optional.empty();
          }
          if (count < 0) {
            throw new LinuxException("recv", resource, (int) -count);
          }
          var bytes = in.asSlice(0, count).toArray(JAVA_BYTE);
          return Optional.of(ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()));
        });
  }

  @Override
  public void close() {
    socket.close();
  }
}
