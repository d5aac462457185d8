package dev.berth.scenarios;

import static dev.berth.bench.rig.OutsideWorld.GREETING;
import static dev.berth.scenarios.TaskRuns.in;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.berth.bench.rig.OutsideWorld;
import dev.berth.bench.rig.RunningBerth;
import dev.berth.model.network.Cidr;
import dev.berth.model.network.IpAddress;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Which subnets get out of a VPC, which public addresses lead in, and that VPCs are apart. */
final class WaysOutTest {
  private static final String REFUSED = "refused";
  private static final String SERVE = "while :; do echo hello | nc -l -p 80; done";
  private static final int CONNECT_MILLIS_MAX = 2_000;

  /** One line for IPv4, one for IPv6. */
  private static final String CALL =
      call(OutsideWorld.IPV4, OutsideWorld.PORT)
          + "; "
          + call(OutsideWorld.IPV6, OutsideWorld.PORT);

  @TempDir private static Path folder = Path.of("");
  private static RunningBerth berth;
  private static Aws aws;
  private static TaskRuns tasks;
  private static OutsideWorld world;

  @RegisterExtension private final LastWords words = new LastWords(() -> berth.lastWords());

  @BeforeAll
  static void start() throws Exception {
    world = OutsideWorld.open(folder.resolve("world"));
    berth =
        RunningBerth.start(folder.resolve("data"), "--host-cpu", "16384", "--host-memory", "32768");
    berth.loadBusybox();
    aws = new Aws(berth.endpoint());
    tasks = new TaskRuns(berth, aws);
  }

  @AfterAll
  static void nothingIsLeft() throws Exception {
    try {
      LastLook.at(berth);
    } finally {
      world.close();
    }
  }

  @Test
  void routesDecide() throws Exception {
    JsonNode made =
        aws.ec2("create-vpc", "--cidr-block", "10.219.0.0/24", "--amazon-provided-ipv6-cidr-block")
            .path("Vpc");
    String vpc = made.path("VpcId").asText();
    Cidr ipv6 = Cidr.parse(made.at("/Ipv6CidrBlockAssociationSet/0/Ipv6CidrBlock").asText());
    String group = group(vpc);
    String open = subnet(vpc, "10.219.0.0/26", nth(ipv6, 0));
    String closed = subnet(vpc, "10.219.0.64/26", nth(ipv6, 1));
    String alone = subnet(vpc, "10.219.0.128/26", nth(ipv6, 2));

    String gateway = id("InternetGateway", "create-internet-gateway");
    aws.ec2("attach-internet-gateway", "--internet-gateway-id", gateway, "--vpc-id", vpc);
    String outward = table(vpc, open);
    route(outward, "--destination-cidr-block", "0.0.0.0/0", "--gateway-id", gateway);
    route(outward, "--destination-ipv6-cidr-block", "::/0", "--gateway-id", gateway);

    String elastic = aws.ec2("allocate-address", "--domain", "vpc").path("AllocationId").asText();
    String nat =
        id("NatGateway", "create-nat-gateway", "--subnet-id", open, "--allocation-id", elastic);
    String egressOnly =
        id("EgressOnlyInternetGateway", "create-egress-only-internet-gateway", "--vpc-id", vpc);
    String inward = table(vpc, closed);
    route(inward, "--destination-cidr-block", "0.0.0.0/0", "--nat-gateway-id", nat);
    route(
        inward,
        "--destination-ipv6-cidr-block",
        "::/0",
        "--egress-only-internet-gateway-id",
        egressOnly);

    assertThat(tasks.say(CALL, in(open, group) + ",assignPublicIp=ENABLED"))
        .containsExactly(GREETING, GREETING);
    assertThat(tasks.say(CALL, in(open, group))).containsExactly(REFUSED, GREETING);
    assertThat(tasks.say(CALL, in(closed, group))).containsExactly(GREETING, GREETING);
    assertThat(tasks.say(CALL, in(alone, group))).containsExactly(REFUSED, REFUSED);

    String server = tasks.serve(SERVE, in(open, group) + ",assignPublicIp=ENABLED");
    String eni = tasks.attached(server, "networkInterfaceId");
    JsonNode shown =
        aws.ec2("describe-network-interfaces", "--network-interface-ids", eni)
            .at("/NetworkInterfaces/0");
    assertThat(shown.path("RequesterManaged").asBoolean()).isTrue();
    String address = shown.at("/Association/PublicIp").asText();
    assertThat(hello(address)).isEqualTo("hello");
    assertThat(aws.refusal("ec2", "delete-subnet", "--subnet-id", open))
        .contains("DependencyViolation");
    tasks.stop(server);
    assertThat(hello(address)).isEqualTo(REFUSED);
    assertThat(aws.refusal("ec2", "describe-network-interfaces", "--network-interface-ids", eni))
        .contains("InvalidNetworkInterfaceID.NotFound");
  }

  @Test
  void vpcsOfEqualRangesAreApart() throws Exception {
    String range = "10.220.0.0/24";
    String one = aws.ec2("create-vpc", "--cidr-block", range).at("/Vpc/VpcId").asText();
    String other = aws.ec2("create-vpc", "--cidr-block", range).at("/Vpc/VpcId").asText();
    String here = in(subnet(one, range), group(one));
    String there = in(subnet(other, range), group(other));

    String server = tasks.serve(SERVE, here);
    String call = call(tasks.address(server), 80);
    assertThat(tasks.say(call, here)).containsExactly("hello");
    assertThat(tasks.say(call, there)).containsExactly(REFUSED);
    tasks.stop(server);
  }

  /** One of the 256 ranges of a subnet's size in a VPC's. */
  private static String nth(Cidr range, int number) {
    byte[] bytes = range.network().bytes();
    bytes[7] = (byte) number;
    return new Cidr(IpAddress.of(bytes), 64).toString();
  }

  private static String call(String address, int port) {
    return "nc -w 2 %s %d </dev/null 2>/dev/null || echo %s".formatted(address, port, REFUSED);
  }

  /** What a server says to this machine. */
  private static String hello(String address) {
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(address, 80), CONNECT_MILLIS_MAX);
      return new String(socket.getInputStream().readNBytes("hello".length()), UTF_8);
    } catch (IOException refused) {
      return REFUSED;
    }
  }

  private static String subnet(String vpc, String cidr) throws Exception {
    return id("Subnet", "create-subnet", "--vpc-id", vpc, "--cidr-block", cidr);
  }

  private static String subnet(String vpc, String cidr, String ipv6) throws Exception {
    String subnet =
        id(
            "Subnet",
            "create-subnet",
            "--vpc-id",
            vpc,
            "--cidr-block",
            cidr,
            "--ipv6-cidr-block",
            ipv6);
    aws.ec2("modify-subnet-attribute", "--subnet-id", subnet, "--assign-ipv6-address-on-creation");
    return subnet;
  }

  /** A group that lets everything in and out. */
  private static String group(String vpc) throws Exception {
    String group =
        aws.ec2(
                "create-security-group",
                "--vpc-id",
                vpc,
                "--group-name",
                "open",
                "--description",
                "open")
            .path("GroupId")
            .asText();
    aws.ec2(
        "authorize-security-group-ingress",
        "--group-id",
        group,
        "--ip-permissions",
        "IpProtocol=-1,IpRanges=[{CidrIp=0.0.0.0/0}],Ipv6Ranges=[{CidrIpv6=::/0}]");
    return group;
  }

  private static String table(String vpc, String subnet) throws Exception {
    String table = id("RouteTable", "create-route-table", "--vpc-id", vpc);
    aws.ec2("associate-route-table", "--route-table-id", table, "--subnet-id", subnet);
    return table;
  }

  private static void route(String table, String... words) throws Exception {
    var all = new ArrayList<>(List.of("create-route"));
    all.addAll(List.of("--route-table-id", table));
    all.addAll(List.of(words));
    aws.ec2(all.toArray(String[]::new));
  }

  /** Makes something, and gives its id. */
  private static String id(String what, String... words) throws Exception {
    return aws.ec2(words).at("/" + what + "/" + what + "Id").asText();
  }
}
