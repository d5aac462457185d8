package dev.berth.bench.network;

import dev.berth.agent.linux.TreeRemoval;
import dev.berth.agent.network.HostNames;
import dev.berth.agent.network.VpcTaskNetworks;
import dev.berth.app.HostLayout;
import dev.berth.model.identity.AccountId;
import dev.berth.model.identity.Realm;
import dev.berth.model.identity.Region;
import dev.berth.model.network.Cidr;
import dev.berth.model.network.EniId;
import dev.berth.model.network.EniSpec;
import dev.berth.model.network.IpAddress;
import dev.berth.model.network.SecurityGroupId;
import dev.berth.model.network.SecurityGroupPlan;
import dev.berth.model.network.SubnetId;
import dev.berth.model.network.SubnetPlan;
import dev.berth.model.network.VpcId;
import dev.berth.model.network.VpcPlan;
import dev.berth.model.task.TaskId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Interfaces one after the other, with and without a pool, up to a thousand at once. */
public final class NetworkBench {
  private static final int[] STANDING_COUNTS = {0, 250, 500, 1_000};
  private static final int SAMPLE_COUNT = 40;

  /** A pool is filled between two launches, as it is when launches do not come in a row. */
  private static final long PAUSE_MILLIS = 25;

  private static final VpcId VPC = new VpcId("vpc-0000beef");
  private static final SubnetId SUBNET = new SubnetId("subnet-0000beef");
  private static final SecurityGroupId GROUP = new SecurityGroupId("sg-0000beef");

  private final VpcTaskNetworks networks;
  private int made;

  private NetworkBench(VpcTaskNetworks networks) {
    this.networks = networks;
  }

  /** Prints medians in milliseconds, then throughput and round trips. */
  public static void run() throws Exception {
    System.out.println("interfaces there   attach p50 ms   p95 ms   detach p50 ms");
    attach("no pool", 0);
    attach("pool", SAMPLE_COUNT + 1);
    try (var room = new Room("bnt", 2)) {
      var one = room.bench.attach();
      var two = room.bench.attach();
      Traffic.compare(one.namespace(), two.namespace(), two.address());
      room.bench.networks.detach(one.task());
      room.bench.networks.detach(two.task());
    }
  }

  private static void attach(String name, int poolCount) throws Exception {
    System.out.println(name);
    try (var room = new Room("bna", poolCount)) {
      var standing = new ArrayList<TaskId>();
      for (int count : STANDING_COUNTS) {
        while (standing.size() < count) {
          standing.add(room.bench.attach().task());
        }
        Thread.sleep(poolCount * PAUSE_MILLIS);
        room.bench.sample(count, poolCount > 0);
      }
      for (var task : standing) {
        room.bench.networks.detach(task);
      }
    }
  }

  private void sample(int count, boolean pooled) throws Exception {
    var attaching = new double[SAMPLE_COUNT];
    var detaching = new double[SAMPLE_COUNT];
    for (int i = 0; i < SAMPLE_COUNT; i++) {
      long begin = System.nanoTime();
      var guest = attach();
      attaching[i] = (System.nanoTime() - begin) / 1e6;
      if (pooled) {
        Thread.sleep(PAUSE_MILLIS);
      }
      begin = System.nanoTime();
      networks.detach(guest.task());
      detaching[i] = (System.nanoTime() - begin) / 1e6;
    }
    Arrays.sort(attaching);
    Arrays.sort(detaching);
    System.out.printf(
        "%16d   %13.2f   %6.2f   %13.2f%n",
        count,
        attaching[SAMPLE_COUNT / 2],
        attaching[SAMPLE_COUNT * 95 / 100],
        detaching[SAMPLE_COUNT / 2]);
  }

  private record Guest(TaskId task, Path namespace, IpAddress address) {}

  private Guest attach() throws IOException {
    int number = ++made;
    var task = new TaskId("%032x".formatted(number));
    var address = new IpAddress("172.29.%d.%d".formatted(number % 0xfffe / 250, 4 + number % 250));
    var eni =
        new EniSpec(
            new EniId("eni-%08x".formatted(number)),
            VPC,
            SUBNET,
            "0a:01:00:00:%02x:%02x".formatted(number >> 8 & 255, number & 255),
            address,
            Optional.empty(),
            Optional.empty(),
            List.of(GROUP),
            "ip-" + address.value().replace('.', '-') + ".ec2.internal");
    return new Guest(task, networks.attach(task, eni).namespace(), address);
  }

  private static VpcPlan plan() {
    var everybody =
        new SecurityGroupPlan.Rule(
            SecurityGroupPlan.EVERY_PROTOCOL,
            Optional.empty(),
            Optional.empty(),
            new SecurityGroupPlan.Peer.Group(GROUP));
    return new VpcPlan(
        VPC,
        new Realm(new AccountId("000000000000"), new Region("us-east-1")),
        1,
        List.of(Cidr.parse("172.29.0.0/16")),
        true,
        true,
        List.of(new SubnetPlan(SUBNET, List.of(Cidr.parse("172.29.0.0/16")), List.of())),
        List.of(new SecurityGroupPlan(GROUP, List.of(everybody), List.of(everybody), List.of())),
        List.of());
  }

  /** An agent's networks alone, in a folder of their own. */
  private static final class Room implements AutoCloseable {
    private final HostLayout host;
    private final NetworkBench bench;

    Room(String mark, int poolCount) throws IOException {
      host = new HostLayout(Files.createTempDirectory("berth-bench-"));
      bench =
          new NetworkBench(
              VpcTaskNetworks.open(host.vpcs(), new HostNames(mark), false, poolCount));
      bench.networks.plan(plan());
    }

    @Override
    public void close() throws IOException {
      bench.networks.retire();
      TreeRemoval.remove(host.memory());
      TreeRemoval.remove(host.data());
    }
  }
}
