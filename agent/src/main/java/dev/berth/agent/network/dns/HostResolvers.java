package dev.berth.agent.network.dns;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * The name servers of this machine, asked from its own namespace: a question goes on as it came,
 * with all its options, and so does the answer.
 */
public final class HostResolvers {
  static final int PORT = 53;

  /** As long as a resolver's own library waits for one server. */
  private static final int ANSWER_MILLIS_MAX = 2_000;

  /** More servers the machine's own library does not ask either. */
  private static final int SERVER_COUNT_MAX = 3;

  static final int MESSAGE_BYTE_COUNT_MAX = 65_535;
  private static final int ID_BYTE_COUNT = 2;

  private final Path file;

  /**
   * @param file in the form of {@code /etc/resolv.conf}; read anew for each question
   */
  public HostResolvers(Path file) {
    this.file = file;
  }

  /**
   * Asks one after the other.
   *
   * @throws IOException when none answers
   */
  byte[] ask(byte[] question, boolean stream) throws IOException {
    IOException last = new IOException(file + " names no server");
    for (var server : servers()) {
      try {
        return stream ? askByStream(question, server) : askByDatagram(question, server);
      } catch (IOException e) {
        last = e;
      }
    }
    throw last;
  }

  private List<InetSocketAddress> servers() throws IOException {
    return Files.readAllLines(file).stream()
        .map(line -> line.strip().split("\\s+", -1))
        .filter(words -> words.length > 1 && words[0].equals("nameserver"))
        .map(words -> server(words[1]))
        .limit(SERVER_COUNT_MAX)
        .toList();
  }

  /** A port may follow after {@code #}, as some servers' own files have it. */
  private static InetSocketAddress server(String word) {
    int hash = word.indexOf('#');
    return hash < 0
        ? new InetSocketAddress(InetAddress.ofLiteral(word), PORT)
        : new InetSocketAddress(
            InetAddress.ofLiteral(word.substring(0, hash)),
            Integer.parseInt(word.substring(hash + 1)));
  }

  private static byte[] askByDatagram(byte[] question, InetSocketAddress server)
      throws IOException {
    try (var socket = new DatagramSocket()) {
      socket.connect(server);
      socket.setSoTimeout(ANSWER_MILLIS_MAX);
      socket.send(new DatagramPacket(question, question.length));
      var answer = new DatagramPacket(new byte[MESSAGE_BYTE_COUNT_MAX], MESSAGE_BYTE_COUNT_MAX);
      do {
        socket.receive(answer);
      } while (!Arrays.equals(
          answer.getData(), 0, ID_BYTE_COUNT, question, 0, ID_BYTE_COUNT)); // A late one.
      return Arrays.copyOf(answer.getData(), answer.getLength());
    }
  }

  private static byte[] askByStream(byte[] question, InetSocketAddress server) throws IOException {
    try (var socket = new Socket()) {
      socket.connect(server, ANSWER_MILLIS_MAX);
      socket.setSoTimeout(ANSWER_MILLIS_MAX);
      write(new DataOutputStream(socket.getOutputStream()), question);
      return read(new DataInputStream(socket.getInputStream()));
    }
  }

  /** A message on a stream has its length before it. */
  static void write(DataOutputStream stream, byte[] message) throws IOException {
    var framed = new byte[message.length + 2];
    framed[0] = (byte) (message.length >>> 8);
    framed[1] = (byte) message.length;
    System.arraycopy(message, 0, framed, 2, message.length);
    stream.write(framed);
    stream.flush();
  }

  static byte[] read(DataInputStream stream) throws IOException {
    var message = new byte[stream.readUnsignedShort()];
    stream.readFully(message);
    return message;
  }
}
