package dev.berth.agent.network;

import static dev.berth.agent.network.VpcRoom.OTHER_VPC;
import static dev.berth.agent.network.VpcRoom.VPC;
import static dev.berth.agent.network.VpcRoom.group;
import static dev.berth.agent.network.VpcRoom.plan;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.agent.linux.Namespaces;
import dev.berth.agent.network.VpcRoom.Guest;
import dev.berth.model.network.IpAddress;
import dev.berth.model.network.VpcPlan;
import dev.berth.model.network.VpcPlan.DnsName;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

@Timeout(60)
final class NameServerTest {
  private static final String SERVER = "172.29.0.2";
  private static final int ANSWER_MILLIS_MAX = 5_000;

  private VpcRoom room;
  private DatagramSocket upstream;
  private Guest guest;

  @BeforeEach
  void open() throws Exception {
    upstream = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    room = new VpcRoom(false);
    Files.writeString(room.resolvers, "nameserver 127.0.0.1#" + upstream.getLocalPort() + "\n");
    room.networks.plan(named(1, true, List.of()));
    guest = room.attach(VPC, "172.29.0.4", group(1));
  }

  @AfterEach
  void close() throws Exception {
    upstream.close();
    room.close();
  }

  private static VpcPlan named(long version, boolean dnsSupport, List<DnsName> names) {
    var bare = plan(VPC, version, List.of(), List.of(plan(1, List.of(), List.of())));
    return new VpcPlan(
        bare.id(),
        bare.realm(),
        version,
        bare.cidrs(),
        dnsSupport,
        true,
        bare.subnets(),
        bare.groups(),
        names);
  }

  private static Message question(String name, int type) throws IOException {
    return Message.newQuery(Record.newRecord(Name.fromString(name), type, DClass.IN));
  }

  private Message ask(String server, Message question) throws IOException {
    try (var socket = Namespaces.inNetwork(guest.namespace(), () -> new DatagramSocket())) {
      var bytes = question.toWire();
      socket.setSoTimeout(ANSWER_MILLIS_MAX);
      socket.send(new DatagramPacket(bytes, bytes.length, new InetSocketAddress(server, 53)));
      var answer = new DatagramPacket(new byte[4_096], 4_096);
      socket.receive(answer);
      return new Message(ByteBuffer.wrap(answer.getData(), 0, answer.getLength()));
    }
  }

  private Message askByStream(Message question) throws IOException {
    try (var socket =
        Namespaces.inNetwork(
            guest.namespace(), () -> new Socket(InetAddress.ofLiteral(SERVER), 53))) {
      var bytes = question.toWire();
      socket.setSoTimeout(ANSWER_MILLIS_MAX);
      socket.getOutputStream().write(new byte[] {(byte) (bytes.length >>> 8), (byte) bytes.length});
      socket.getOutputStream().write(bytes);
      var in = new DataInputStream(socket.getInputStream());
      var answer = new byte[in.readUnsignedShort()];
      in.readFully(answer);
      return new Message(answer);
    }
  }

  private static List<String> addresses(Message answer) {
    return answer.getSection(Section.ANSWER).stream().map(Record::rdataToString).toList();
  }

  @Test
  void everyAddressOfTheVpcHasItsName() throws Exception {
    var name = "ip-172-29-0-4.ec2.internal.";
    assertThat(addresses(ask(SERVER, question(name, Type.A)))).containsExactly("172.29.0.4");
    assertThat(addresses(ask("169.254.169.253", question(name, Type.A))))
        .containsExactly("172.29.0.4");
    assertThat(addresses(askByStream(question(name, Type.A)))).containsExactly("172.29.0.4");
    assertThat(addresses(ask(SERVER, question("4.0.29.172.in-addr.arpa.", Type.PTR))))
        .containsExactly(name);
    var none = ask(SERVER, question(name, Type.AAAA));
    assertThat(none.getRcode()).isEqualTo(Rcode.NOERROR);
    assertThat(addresses(none)).isEmpty();
    assertThat(ask(SERVER, question("ip-172-30-0-4.ec2.internal.", Type.A)).getRcode())
        .isEqualTo(Rcode.NXDOMAIN);
  }

  @Test
  void namesOfThePlanChangeAtOnceAndAreNoOtherVpcs() throws Exception {
    var db = question("DB.shop.local.", Type.A);
    room.networks.plan(
        named(
            2, true, List.of(new DnsName("db.shop.local", List.of(new IpAddress("172.29.0.9"))))));
    assertThat(addresses(ask(SERVER, db))).containsExactly("172.29.0.9");
    room.networks.plan(
        named(
            3, true, List.of(new DnsName("db.shop.local", List.of(new IpAddress("172.29.0.8"))))));
    assertThat(addresses(ask(SERVER, db))).containsExactly("172.29.0.8");
    var bare = plan(OTHER_VPC, 1, List.of(), List.of(plan(1, List.of(), List.of())));
    room.networks.plan(bare);
    guest = room.attach(OTHER_VPC, "172.29.0.4", group(1));
    upstream.close(); // Nobody knows it: neither the other VPC nor the world.
    assertThat(ask(SERVER, db).getRcode()).isEqualTo(Rcode.SERVFAIL);
  }

  @Test
  void whatDoesNotFitIsTruncatedUnlessTheAskerTakesMore() throws Exception {
    var many = new ArrayList<IpAddress>();
    for (int i = 10; i < 90; i++) {
      many.add(new IpAddress("172.29.0." + i));
    }
    room.networks.plan(named(2, true, List.of(new DnsName("many.shop.local", many))));
    var question = question("many.shop.local.", Type.A);
    assertThat(ask(SERVER, question).getHeader().getFlag(Flags.TC)).isTrue();
    assertThat(addresses(askByStream(question))).hasSize(80);
    question.addRecord(new OPTRecord(4_096, 0, 0), Section.ADDITIONAL);
    assertThat(addresses(ask(SERVER, question))).hasSize(80);
  }

  @Test
  void otherNamesGoToTheHostsServersWithAllTheirOptions() throws Exception {
    var seen = new ArrayList<Message>();
    var answering =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    var packet = new DatagramPacket(new byte[4_096], 4_096);
                    upstream.receive(packet);
                    var question =
                        new Message(ByteBuffer.wrap(packet.getData(), 0, packet.getLength()));
                    seen.add(question);
                    var answer = new Message(question.getHeader().getID());
                    answer.getHeader().setFlag(Flags.QR);
                    answer.addRecord(question.getQuestion(), Section.QUESTION);
                    answer.addRecord(
                        new ARecord(
                            question.getQuestion().getName(),
                            DClass.IN,
                            5,
                            InetAddress.ofLiteral("192.0.2.7")),
                        Section.ANSWER);
                    var bytes = answer.toWire();
                    upstream.send(
                        new DatagramPacket(bytes, bytes.length, packet.getSocketAddress()));
                  } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                  }
                });
    var question = question("www.example.org.", Type.A);
    question.addRecord(new OPTRecord(1_400, 0, 0), Section.ADDITIONAL);
    assertThat(addresses(ask(SERVER, question))).containsExactly("192.0.2.7");
    answering.join();
    assertThat(seen.getFirst().getOPT().getPayloadSize()).isEqualTo(1_400);
  }

  @Test
  void aVpcWithoutDnsSupportHasNoServer() {
    room.networks.plan(named(2, false, List.of()));
    assertThatThrownBy(
            () -> {
              try (var socket =
                  Namespaces.inNetwork(guest.namespace(), () -> new DatagramSocket())) {
                socket.setSoTimeout(VpcRoom.PROBE_MILLIS);
                var bytes = question("ip-172-29-0-4.ec2.internal.", Type.A).toWire();
                socket.send(
                    new DatagramPacket(bytes, bytes.length, new InetSocketAddress(SERVER, 53)));
                socket.receive(new DatagramPacket(new byte[512], 512));
              }
            })
        .isInstanceOf(SocketTimeoutException.class);
  }
}
