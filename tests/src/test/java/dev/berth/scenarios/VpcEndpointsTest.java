package dev.berth.scenarios;

import static dev.berth.scenarios.TaskRuns.in;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.berth.bench.rig.RunningBerth;
import dev.berth.model.signature.RequestSigner;
import dev.berth.model.signature.SignableRequest.Header;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * An endpoint of AWS's API in a VPC, made by the real {@code aws} command and used by real tasks.
 * What they send was signed here, for the name that they send it to.
 */
@Tag("slow")
final class VpcEndpointsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int POLL_MILLIS = 200;
  private static final String REACHED = "reached";
  private static final String REFUSED = "refused";

  @TempDir private static Path folder = Path.of("");
  private static RunningBerth berth;
  private static Aws aws;
  private static TaskRuns tasks;

  @RegisterExtension private final LastWords words = new LastWords(() -> berth.lastWords());

  @BeforeAll
  static void start() throws Exception {
    berth =
        RunningBerth.start(folder.resolve("data"), "--host-cpu", "16384", "--host-memory", "32768");
    berth.loadBusybox();
    aws = new Aws(berth.endpoint());
    tasks = new TaskRuns(berth, aws);
  }

  @AfterAll
  static void nothingIsLeft() throws Exception {
    LastLook.at(berth);
  }

  @Test
  void aTaskCallsTheApiAtTheEndpointForAsLongAsItsGroupsAllowAndItIsThere() throws Exception {
    String vpc = made("Vpc.VpcId", "create-vpc", "--cidr-block", "10.37.0.0/24");
    aws.ec2("modify-vpc-attribute", "--vpc-id", vpc, "--enable-dns-hostnames");
    String one = subnet(vpc, "10.37.0.0/26", "a");
    String two = subnet(vpc, "10.37.0.64/26", "b");
    String inside = group(vpc, "tasks");
    String door = group(vpc, "door");
    ingress("authorize", door, inside);
    JsonNode endpoint =
        aws.ec2(
                "create-vpc-endpoint",
                "--vpc-id",
                vpc,
                "--vpc-endpoint-type",
                "Interface",
                "--service-name",
                "com.amazonaws." + berth.endpoint().region() + ".sts",
                "--subnet-ids",
                one,
                two,
                "--security-group-ids",
                door)
            .path("VpcEndpoint");
    String id = endpoint.path("VpcEndpointId").asText();
    List<String> names = new ArrayList<>();
    endpoint.path("DnsEntries").forEach(each -> names.add(each.path("DnsName").asText()));
    assertThat(names)
        .hasSize(4)
        .last()
        .isEqualTo("sts." + berth.endpoint().region() + ".amazonaws.com");
    List<String> addresses = addresses(id);
    assertThat(addresses).hasSize(2);

    String caller = tasks.serve(caller(names.getFirst()), in(two, inside));
    await(caller, REACHED);
    for (String name : names) {
      assertThat(tasks.say(once(name), in(one, inside))).as(name).containsExactly(REACHED);
    }
    assertThat(tasks.say(resolved(names.getFirst()), in(one, inside)))
        .containsExactlyInAnyOrderElementsOf(addresses);
    assertThat(tasks.say(resolved(names.get(1)), in(one, inside))).hasSize(1).isSubsetOf(addresses);
    assertThat(tasks.say(ports(addresses.getFirst()), in(one, inside))).containsExactly("none");

    ingress("revoke", door, inside);
    await(caller, REFUSED);
    ingress("authorize", door, inside);
    await(caller, REACHED);
    egress("revoke", inside);
    await(caller, REFUSED);
    egress("authorize", inside);
    await(caller, REACHED);

    aws.ec2("delete-vpc-endpoints", "--vpc-endpoint-ids", id);
    await(caller, REFUSED);
    tasks.stop(caller);
    for (String subnet : List.of(one, two)) {
      aws.ec2("delete-subnet", "--subnet-id", subnet);
    }
    aws.ec2("delete-security-group", "--group-id", door);
    aws.ec2("delete-security-group", "--group-id", inside);
    aws.ec2("delete-vpc", "--vpc-id", vpc);
  }

  @Test
  void anotherVpcDoesNotKnowIt() throws Exception {
    String vpc = made("Vpc.VpcId", "create-vpc", "--cidr-block", "10.38.0.0/24");
    String subnet = subnet(vpc, "10.38.0.0/26", "a");
    JsonNode endpoint =
        aws.ec2(
                "create-vpc-endpoint",
                "--vpc-id",
                vpc,
                "--vpc-endpoint-type",
                "Interface",
                "--no-private-dns-enabled",
                "--service-name",
                "com.amazonaws." + berth.endpoint().region() + ".ecs",
                "--subnet-ids",
                subnet)
            .path("VpcEndpoint");
    String id = endpoint.path("VpcEndpointId").asText();
    String name = endpoint.at("/DnsEntries/0/DnsName").asText();
    String inside =
        aws.ec2("describe-security-groups", "--filters", "Name=vpc-id,Values=" + vpc)
            .at("/SecurityGroups/0/GroupId")
            .asText();
    String strange = berth.client().defaultSubnets().getFirst();
    JsonNode first = aws.ec2("describe-subnets", "--subnet-ids", strange);
    String outside = group(first.at("/Subnets/0/VpcId").asText(), "outside");
    String address = addresses(id).getFirst();

    // The default group lets in whoever is in it too.
    assertThat(tasks.say(connected(name), in(subnet, inside))).containsExactly(REACHED);
    assertThat(tasks.say(connected(address), in(subnet, inside))).containsExactly(REACHED);
    assertThat(tasks.say(connected(address), in(strange, outside))).containsExactly(REFUSED);
    assertThat(tasks.say(connected(name), in(strange, outside))).containsExactly(REFUSED);

    aws.ec2("delete-vpc-endpoints", "--vpc-endpoint-ids", id);
    assertThat(tasks.say(connected(address), in(subnet, inside))).containsExactly(REFUSED);
    aws.ec2("delete-subnet", "--subnet-id", subnet);
    aws.ec2("delete-vpc", "--vpc-id", vpc);
  }

  /** Asks who it is, again and again. */
  private static String caller(String name) {
    return "while :; do %s; sleep 0.3; done".formatted(once(name));
  }

  /** Asks who it is, and says whether it was told. */
  private static String once(String name) {
    return "echo %s | base64 -d | nc -w 2 %s 80 2>/dev/null | grep -q :root && echo %s || echo %s"
        .formatted(signed(name), name, REACHED, REFUSED);
  }

  /** A whole request, in base 64. */
  private static String signed(String name) {
    URI uri = URI.create("http://" + name + "/");
    byte[] body = "Action=GetCallerIdentity&Version=2011-06-15".getBytes(US_ASCII);
    var type = new Header("Content-Type", "application/x-www-form-urlencoded");
    var headers = new ArrayList<>(List.of(type));
    headers.addAll(
        new RequestSigner(berth.endpoint().credentials(), berth.endpoint().region(), "sts")
            .sign("POST", uri, List.of(type), body, Instant.now()));
    headers.add(new Header("Host", name));
    headers.add(new Header("Connection", "close"));
    headers.add(new Header("Content-Length", Integer.toString(body.length)));
    var request = new StringBuilder("POST / HTTP/1.1\r\n");
    headers.forEach(
        each -> request.append(each.name()).append(": ").append(each.value()).append("\r\n"));
    request.append("\r\n").append(new String(body, US_ASCII));
    return Base64.getEncoder().encodeToString(request.toString().getBytes(US_ASCII));
  }

  private static String connected(String place) {
    return "nc -w 2 %s 80 </dev/null >/dev/null 2>&1 && echo %s || echo %s"
        .formatted(place, REACHED, REFUSED);
  }

  private static String resolved(String name) {
    return "nslookup -type=a " + name + " 10.37.0.2 | sed -n '1,/^Name/d; s/^Address: //p'";
  }

  private static String ports(String address) {
    return "for p in 443 4510 53 22; do nc -w 1 %s $p </dev/null >/dev/null 2>&1 && echo $p; done; echo none"
        .formatted(address);
  }

  private static List<String> addresses(String endpoint) throws Exception {
    var addresses = new ArrayList<String>();
    aws.ec2(
            "describe-network-interfaces",
            "--filters",
            "Name=description,Values=VPC Endpoint Interface " + endpoint)
        .path("NetworkInterfaces")
        .forEach(each -> addresses.add(each.path("PrivateIpAddress").asText()));
    return addresses;
  }

  private static void ingress(String verb, String group, String from) throws Exception {
    aws.ec2(
        verb + "-security-group-ingress",
        "--group-id",
        group,
        "--protocol",
        "tcp",
        "--port",
        "80",
        "--source-group",
        from);
  }

  private static void egress(String verb, String group) throws Exception {
    aws.ec2(
        verb + "-security-group-egress",
        "--group-id",
        group,
        "--ip-permissions",
        "IpProtocol=-1,IpRanges=[{CidrIp=0.0.0.0/0}]");
  }

  /** Makes something, and gives what of the answer stands there. */
  private static String made(String path, String... words) throws Exception {
    return aws.ec2(words).at("/" + path.replace('.', '/')).asText();
  }

  private static String subnet(String vpc, String cidr, String zone) throws Exception {
    return made(
        "Subnet.SubnetId",
        "create-subnet",
        "--vpc-id",
        vpc,
        "--cidr-block",
        cidr,
        "--availability-zone",
        berth.endpoint().region() + zone);
  }

  private static String group(String vpc, String name) throws Exception {
    return made(
        "GroupId",
        "create-security-group",
        "--vpc-id",
        vpc,
        "--group-name",
        name,
        "--description",
        name);
  }

  /** Waits until a running task sees this, after what it sees now. */
  private static void await(String task, String word) throws Exception {
    Instant deadline = Instant.now().plus(PATIENCE);
    int known = tasks.output(task).size();
    while (Instant.now().isBefore(deadline)) {
      List<String> said = tasks.output(task);
      // The first of these may have been asked before the change.
      if (said.size() >= known + 2 && said.getLast().equals(word)) {
        return;
      }
      Thread.sleep(POLL_MILLIS);
    }
    throw new AssertionError("not " + word + " in time: " + tasks.output(task));
  }
}
