package dev.berth.scenarios;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.berth.bench.crash.PatientCalls;
import dev.berth.bench.rig.RunningBerth;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What tasks reach, and what they do not, seen from inside their containers. */
final class NetworkTest {
  private static final int CONNECT_MILLIS_MAX = 2_000;
  private static final JsonMapper JSON = new JsonMapper();

  @TempDir private static Path folder = Path.of("");
  private static RunningBerth berth;
  private static Aws aws;
  private static TaskRuns tasks;
  private static String subnet = "";
  private static String vpc = "";

  @RegisterExtension private final LastWords words = new LastWords(() -> berth.lastWords());

  @BeforeAll
  static void start() throws Exception {
    berth =
        RunningBerth.start(folder.resolve("data"), "--host-cpu", "16384", "--host-memory", "32768");
    berth.loadBusybox();
    aws = new Aws(berth.endpoint());
    tasks = new TaskRuns(berth, aws);
    JsonNode first =
        aws.ec2("describe-subnets", "--filters", "Name=default-for-az,Values=true")
            .path("Subnets")
            .path(0);
    subnet = first.path("SubnetId").asText();
    vpc = first.path("VpcId").asText();
  }

  @AfterAll
  static void nothingIsLeft() throws Exception {
    LastLook.at(berth);
  }

  @Test
  void securityGroupsHoldAndChangeForRunningTasks() throws Exception {
    String open = group("open");
    String closed = group("closed");
    String server = tasks.serve("while :; do echo hello | nc -l -p 80; done", in(closed));
    String address = tasks.address(server);

    assertThat(tasks.say(get(address), in(open))).containsExactly("refused");
    aws.ec2(
        "authorize-security-group-ingress",
        "--group-id",
        closed,
        "--protocol",
        "tcp",
        "--port",
        "80",
        "--source-group",
        open);
    assertThat(tasks.say(get(address), in(open))).containsExactly("hello");
    assertThat(tasks.say(get(address), in(closed))).containsExactly("refused");
    tasks.stop(server);
  }

  /** In a range that no other Berth of this machine is likely to have. */
  @Test
  void theHostReachesATaskByItsPrivateAddressWhateverItsGroupsSay() throws Exception {
    String range = "10.213.%d.0/24".formatted(Math.floorMod(folder.hashCode(), 256));
    String own = aws.ec2("create-vpc", "--cidr-block", range).path("Vpc").path("VpcId").asText();
    String place =
        aws.ec2("create-subnet", "--vpc-id", own, "--cidr-block", range)
            .path("Subnet")
            .path("SubnetId")
            .asText();
    String server =
        tasks.serve("while :; do echo hello | nc -l -p 80; done", "subnets=[" + place + "]");

    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(tasks.address(server), 80), CONNECT_MILLIS_MAX);
      assertThat(socket.getInputStream().readNBytes(5)).asString(UTF_8).isEqualTo("hello");
    }
    tasks.stop(server);
  }

  @Test
  void aTaskKnowsItsOwnNameAndResolvesOthers() throws Exception {
    String group = group("names");
    var said =
        tasks.say(
            "hostname; cat /etc/resolv.conf; hostname -i; nslookup -type=a $(hostname) 172.31.0.2 |"
                + " grep -c ^Address; nslookup -type=a nobody.ec2.internal | grep -c NXDOMAIN",
            in(group));
    assertThat(said.get(0)).matches("ip-172-31-\\d+-\\d+\\.ec2\\.internal");
    assertThat(said).contains("search ec2.internal", "nameserver 172.31.0.2");
    String address = said.get(0).substring(3).replace(".ec2.internal", "").replace('-', '.');
    assertThat(said).contains(address);
    assertThat(said.subList(said.size() - 2, said.size())).containsExactly("2", "1");
  }

  @Test
  void theHostAndItsMetadataAreOutOfReach() throws Exception {
    String group = group("curious");
    int endpoint = berth.endpoint().uri().getPort();
    var said =
        tasks.say(
            ("for a in 169.254.169.254:80 169.254.171.1:%1$d 127.0.0.1:%1$d 172.31.0.1:%1$d; do nc"
                    + " -w 2 ${a%%:*} ${a##*:} </dev/null 2>/dev/null && echo reached $a; done; echo done")
                .formatted(endpoint),
            in(group));
    assertThat(said).containsExactly("done");
  }

  @Test
  void aTaskIsToldOfItselfAlone() throws Exception {
    String group = group("self");
    String ask =
        "printf 'GET %s HTTP/1.0\\r\\n\\r\\n' \"$path\" | nc -w 2 169.254.170.2 80 | tail -n 1; echo;";
    var said =
        tasks.say(
            "busybox fallocate -l 104857600 /written;"
                + "path=${ECS_CONTAINER_METADATA_URI_V4#http://169.254.170.2};"
                + ask
                + "path=$path/task;"
                + ask
                + "path=${path}/stats;"
                + ask
                + "path=/v4/"
                + "0".repeat(32)
                + "-0123456789abcdef;"
                + ask,
            in(group));
    var answers = said.stream().filter(line -> !line.isBlank()).toList();
    JsonNode container = JSON.readTree(answers.get(0));
    assertThat(container.path("Name").asText()).isEqualTo("main");
    assertThat(container.path("KnownStatus").asText()).isEqualTo("RUNNING");
    JsonNode network = container.at("/Networks/0");
    assertThat(network.path("IPv4Addresses").path(0).asText()).startsWith("172.31.");
    assertThat(network.path("PrivateDNSName").asText()).endsWith(".ec2.internal");
    JsonNode task = JSON.readTree(answers.get(1));
    assertThat(task.path("Family").asText()).isEqualTo("say");
    assertThat(task.path("LaunchType").asText()).isEqualTo("FARGATE");
    assertThat(task.at("/Limits/Memory").asInt()).isEqualTo(512);
    assertThat(task.at("/EphemeralStorageMetrics/Reserved").asInt()).isEqualTo(20 * 1024);
    assertThat(task.at("/EphemeralStorageMetrics/Utilized").asInt()).isBetween(100, 110);
    JsonNode stats = JSON.readTree(answers.get(2)).elements().next();
    assertThat(stats.at("/cpu_stats/cpu_usage/total_usage").asLong()).isPositive();
    assertThat(stats.at("/memory_stats/usage").asLong()).isPositive();
    assertThat(stats.at("/memory_stats/limit").asLong()).isEqualTo(512L << 20);
    assertThat(stats.at("/networks/eth0/tx_bytes").asLong()).isPositive();
    assertThat(answers.get(3)).contains("unable to get the container");
  }

  @Test
  void containersOfATaskShareLocalhost() throws Exception {
    tasks.register(
        "pair",
        """
        [{"name": "server", "image": "%1$s", "essential": false,
          "command": ["sh", "-c", "nc -l -p 7000 -e echo shared"]},
         {"name": "main", "image": "%1$s", "essential": true, "command":
          ["sh", "-c",
           "for i in 1 2 3 4 5 6 7 8 9; do nc 127.0.0.1 7000 2>/dev/null && break; sleep 0.2; done"]}]
        """
            .formatted(RunningBerth.BUSYBOX));
    String arn = tasks.run("pair", in(group("pair")));
    new PatientCalls(berth).await(arn, "STOPPED");
    assertThat(tasks.output(arn)).containsExactly("shared");
  }

  private static String get(String address) {
    return "nc -w 2 " + address + " 80 </dev/null 2>/dev/null || echo refused";
  }

  private static String group(String name) throws Exception {
    return aws.ec2(
            "create-security-group", "--group-name", name, "--description", name, "--vpc-id", vpc)
        .path("GroupId")
        .asText();
  }

  private static String in(String group) {
    return TaskRuns.in(subnet, group);
  }
}
