package dev.berth.agent.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.berth.agent.linux.Netlink.Message;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * nftables in the namespace of the thread that opened this, by libnftables: no process is started.
 * After that any thread may call it. Facts: libnftables(3), and the kernel's headers {@code
 * nf_tables.h} and {@code nfnetlink_conntrack.h}.
 */
public final class PacketFilter implements AutoCloseable {
  private static final String LIBRARY_NAME = "libnftables.so.1";

  private static final short GET_GENERATION = 10 << 8 | 16;
  private static final int GENERATION_ID = 1;
  private static final short DELETE_CONNECTIONS = 1 << 8 | 2;
  private static final int NESTED = 0x8000;
  private static final int TUPLE_ORIGINAL = 1;
  private static final int TUPLE_REPLY = 2;
  private static final int TUPLE_IP = 1;
  private static final int IP_V4_SOURCE = 1;
  private static final int IP_V4_DESTINATION = 2;
  private static final int IP_V6_SOURCE = 3;
  private static final int IP_V6_DESTINATION = 4;
  private static final int FILTER = 25;
  private static final int FILTER_ORIGINAL_FLAGS = 1;
  private static final int FILTER_REPLY_FLAGS = 2;
  private static final int FILTER_BY_SOURCE = 1;
  private static final int FILTER_BY_DESTINATION = 2;
  private static final int AF_INET = 2;
  private static final int AF_INET6 = 10;

  /**
   * The library keeps state of its own between its contexts. A monitor, because one is opened
   * inside another namespace, where unlocking a lock could start a thread: see {@link Namespaces}.
   */
  private static final Object LIBRARY = new Object();

  /** Each time another thread may take the number that was meant for the library. */
  private static final int OPEN_COUNT_MAX = 16;

  /** Guarded by the monitor; made with the first, while small numbers are free. */
  private static Optional<LowDescriptors> numbers = Optional.empty();

  /** Bound when the first is opened: a machine without the library learns of it there. */
  private static final class Calls {
    private static final SymbolLookup LIBRARY_CALLS =
        SymbolLookup.libraryLookup(LIBRARY_NAME, Arena.global());
    static final NativeCall OPEN = NativeCall.of(LIBRARY_CALLS, "nft_ctx_new", JAVA_LONG, JAVA_INT);
    static final NativeCall CLOSE =
        NativeCall.of(LIBRARY_CALLS, "nft_ctx_free", JAVA_INT, JAVA_LONG);
    static final NativeCall BUFFER_OUTPUT =
        NativeCall.of(LIBRARY_CALLS, "nft_ctx_buffer_output", JAVA_INT, JAVA_LONG);
    static final NativeCall BUFFER_ERROR =
        NativeCall.of(LIBRARY_CALLS, "nft_ctx_buffer_error", JAVA_INT, JAVA_LONG);
    static final NativeCall OUTPUT =
        NativeCall.of(LIBRARY_CALLS, "nft_ctx_get_output_buffer", JAVA_LONG, JAVA_LONG);
    static final NativeCall ERROR =
        NativeCall.of(LIBRARY_CALLS, "nft_ctx_get_error_buffer", JAVA_LONG, JAVA_LONG);
    static final NativeCall RUN =
        NativeCall.of(LIBRARY_CALLS, "nft_run_cmd_from_buffer", JAVA_INT, JAVA_LONG, ADDRESS);
  }

  private final long context;
  private final Netlink netlink;
  private boolean closed;

  public PacketFilter() throws IOException {
    synchronized (LIBRARY) {
      netlink = Netlink.ofNetfilter();
      try {
        context = openContext();
      } catch (IOException | RuntimeException | Error e) {
        netlink.close();
        throw e;
      }
    }
  }

  private static long openContext() throws IOException {
    if (numbers.isEmpty()) {
      numbers = Optional.of(new LowDescriptors());
    }
    for (int attempt = 0; attempt < OPEN_COUNT_MAX; attempt++) {
      int number = numbers.get().free();
      long context = Calls.OPEN.raw(0);
      boolean low = LowDescriptors.isTaken(number, Netlink.AF_NETLINK, Netlink.NETLINK_NETFILTER);
      numbers.get().hold();
      if (context == 0) {
        throw new IOException("libnftables gives no context");
      }
      if (low) {
        Calls.BUFFER_OUTPUT.raw(context);
        Calls.BUFFER_ERROR.raw(context);
        return context;
      }
      Calls.CLOSE.raw(context);
    }
    throw new IOException("libnftables got no descriptor that it can use");
  }

  /** Does all that the script says, or nothing of it; gives what the commands list. */
  public String run(String script) throws IOException {
    synchronized (LIBRARY) {
      checkOpen();
      return NativeCall.withMemory(
          arena -> {
            long result = Calls.RUN.raw(context, NativeCall.text(arena, script));
            var listed = text(Calls.OUTPUT);
            var complaint = text(Calls.ERROR);
            if (result != 0) {
              throw new IOException("nftables refused: " + complaint.strip());
            }
            return listed;
          });
    }
  }

  private void checkOpen() throws IOException {
    if (closed) {
      throw new IOException("this packet filter is closed");
    }
  }

  /** Makes all these changes of elements, or none. */
  public void run(SetTransaction transaction) throws IOException {
    synchronized (LIBRARY) {
      checkOpen();
      transaction.commit(netlink);
    }
  }

  /** Another one after every change in this namespace, whoever made it. */
  public int generation() throws IOException {
    synchronized (LIBRARY) {
      checkOpen();
      var answer =
          netlink.question(
              "the generation of the packet filter",
              Message.change(GET_GENERATION).octets(0, 0, 0, 0));
      answer.position(4);
      while (answer.remaining() >= 4) {
        int length = answer.getShort();
        int type = answer.getShort();
        if (type == GENERATION_ID) {
          return answer.order(ByteOrder.BIG_ENDIAN).getInt();
        }
        answer.position(answer.position() + Math.max(0, (length - 4 + 3) & ~3));
      }
      throw new IOException("the packet filter has no generation");
    }
  }

  /**
   * Forgets every connection that this address began or answers, so that the next one to have the
   * address inherits none.
   */
  public void forgetConnections(byte[] address) throws IOException {
    synchronized (LIBRARY) {
      checkOpen();
      forget(address, TUPLE_ORIGINAL, FILTER_ORIGINAL_FLAGS, FILTER_BY_SOURCE);
      forget(address, TUPLE_REPLY, FILTER_REPLY_FLAGS, FILTER_BY_SOURCE);
    }
  }

  /** Forgets every connection that was begun to this address, wherever it was led to. */
  public void forgetConnectionsTo(byte[] address) throws IOException {
    synchronized (LIBRARY) {
      checkOpen();
      forget(address, TUPLE_ORIGINAL, FILTER_ORIGINAL_FLAGS, FILTER_BY_DESTINATION);
    }
  }

  private void forget(byte[] address, int direction, int flags, int by) throws IOException {
    boolean ipv4 = address.length == 4;
    boolean bySource = by == FILTER_BY_SOURCE;
    int attribute =
        ipv4
            ? (bySource ? IP_V4_SOURCE : IP_V4_DESTINATION)
            : (bySource ? IP_V6_SOURCE : IP_V6_DESTINATION);
    var message = Message.change(DELETE_CONNECTIONS).octets(ipv4 ? AF_INET : AF_INET6, 0, 0, 0);
    int tuple = message.begin(direction | NESTED);
    int ip = message.begin(TUPLE_IP | NESTED);
    message.attribute(attribute, address);
    message.end(ip).end(tuple);
    int filter = message.begin(FILTER | NESTED);
    message.attribute(flags, by);
    message.end(filter);
    int errno = netlink.request("connections", message);
    if (errno != 0 && errno != Errno.ENOENT) {
      throw new LinuxException("netlink: forget", "connections", errno);
    }
  }

  private String text(NativeCall buffer) {
    long pointer = buffer.raw(context);
    return pointer == 0
        ? ""
        : MemorySegment.ofAddress(pointer).reinterpret(Long.MAX_VALUE).getString(0);
  }

  @Override
  public void close() {
    synchronized (LIBRARY) {
      if (!closed) {
        closed = true;
        netlink.close();
        Calls.CLOSE.raw(context);
      }
    }
  }
}
