package dev.berth.agent.network;

import static dev.berth.agent.network.VpcRoom.VPC;
import static dev.berth.agent.network.VpcRoom.group;
import static dev.berth.agent.network.VpcRoom.plan;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.agent.network.VpcRoom.Guest;
import dev.berth.model.network.Cidr;
import dev.berth.model.network.IpAddress;
import dev.berth.model.network.SecurityGroupId;
import dev.berth.model.network.SecurityGroupPlan;
import dev.berth.model.network.SecurityGroupPlan.Peer;
import dev.berth.model.network.SecurityGroupPlan.Ports;
import dev.berth.model.network.SecurityGroupPlan.Rule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Random groups that name each other, changed while tasks run: what passes is what the model of
 * AWS's semantics says, packet by packet. A failure names its seed.
 */
@Tag("slow")
@Timeout(300)
final class SecurityGroupFuzzTest {
  private static final int SEED_COUNT = 200;
  private static final int GUEST_COUNT = 4;
  private static final int GROUP_COUNT = 4;
  private static final int PROBE_COUNT = 8;
  private static final int[] PORTS = {79, 80, 81, 90, 443};
  private static final int TCP = 6;
  private static final int UDP = 17;

  private long version;

  @Test
  void whatPassesIsWhatTheModelSays() throws Exception {
    int passed = 0;
    int stopped = 0;
    try (var room = new VpcRoom(false)) {
      for (int seed = 0; seed < SEED_COUNT; seed++) {
        var random = new Random(seed);
        var groups = groups(random);
        room.networks.plan(plan(VPC, ++version, List.of(), List.copyOf(groups.values())));
        var guests = new ArrayList<Guest>();
        for (int i = 0; i < GUEST_COUNT; i++) {
          guests.add(room.attach(VPC, "172.29.0." + (4 + i), someGroups(random)));
        }
        try (var probes = new Probes(guests, PORTS)) {
          for (int round = 0; round < 2; round++) {
            var model = new GroupModel(groups, memberships(guests));
            for (int i = 0; i < PROBE_COUNT / 2; i++) {
              var from = random.nextInt(GUEST_COUNT);
              var to = (from + 1 + random.nextInt(GUEST_COUNT - 1)) % GUEST_COUNT;
              int protocol = random.nextBoolean() ? TCP : UDP;
              int port = PORTS[random.nextInt(PORTS.length)];
              boolean expected =
                  model.passes(
                      guests.get(from).address(), guests.get(to).address(), protocol, port);
              assertThat(probes.passes(from, to, protocol == TCP, port, expected))
                  .as(
                      "seed %s, round %s: %s to %s, protocol %s, port %s, groups %s",
                      seed,
                      round,
                      guests.get(from).eni(),
                      guests.get(to).eni(),
                      protocol,
                      port,
                      groups)
                  .isEqualTo(expected);
              passed += expected ? 1 : 0;
              stopped += expected ? 0 : 1;
            }
            groups = changed(random, groups);
            room.networks.plan(plan(VPC, ++version, List.of(), List.copyOf(groups.values())));
          }
        }
        for (var guest : guests) {
          room.networks.detach(guest.task());
        }
      }
    }
    // Were nearly all of one kind, nothing would be compared.
    assertThat(passed).isGreaterThan(SEED_COUNT);
    assertThat(stopped).isGreaterThan(SEED_COUNT);
  }

  private static Map<IpAddress, List<SecurityGroupId>> memberships(List<Guest> guests) {
    var memberships = new HashMap<IpAddress, List<SecurityGroupId>>();
    guests.forEach(guest -> memberships.put(guest.address(), guest.eni().groups()));
    return memberships;
  }

  private static Map<SecurityGroupId, SecurityGroupPlan> groups(Random random) {
    var groups = new HashMap<SecurityGroupId, SecurityGroupPlan>();
    for (int i = 0; i < GROUP_COUNT; i++) {
      groups.put(group(i), plan(i, rules(random), rules(random)));
    }
    return groups;
  }

  /** One group of them anew. */
  private static Map<SecurityGroupId, SecurityGroupPlan> changed(
      Random random, Map<SecurityGroupId, SecurityGroupPlan> before) {
    var groups = new HashMap<>(before);
    int number = random.nextInt(GROUP_COUNT);
    groups.put(group(number), plan(number, rules(random), rules(random)));
    return groups;
  }

  private static SecurityGroupId[] someGroups(Random random) {
    return random
        .ints(0, GROUP_COUNT)
        .distinct()
        .limit(1 + random.nextInt(3))
        .sorted()
        .mapToObj(VpcRoom::group)
        .toArray(SecurityGroupId[]::new);
  }

  private static List<Rule> rules(Random random) {
    var rules = new ArrayList<Rule>();
    int count = random.nextInt(4);
    for (int i = 0; i < count; i++) {
      int protocol =
          switch (random.nextInt(4)) {
            case 0 -> SecurityGroupPlan.EVERY_PROTOCOL;
            case 1 -> UDP;
            default -> TCP;
          };
      boolean all = protocol == SecurityGroupPlan.EVERY_PROTOCOL || random.nextInt(4) == 0;
      int from = PORTS[random.nextInt(PORTS.length)];
      var ports =
          all ? Optional.<Ports>empty() : Optional.of(new Ports(from, from + random.nextInt(12)));
      rules.add(new Rule(protocol, ports, Optional.empty(), peer(random)));
    }
    return rules;
  }

  private static Peer peer(Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> new Peer.Range(Cidr.parse("0.0.0.0/0"));
      case 1 -> new Peer.Range(Cidr.parse("172.29.0." + (4 + random.nextInt(GUEST_COUNT)) + "/32"));
      case 2 -> new Peer.Range(Cidr.parse("172.29.0.4/31"));
      default -> new Peer.Group(group(random.nextInt(GROUP_COUNT)));
    };
  }
}
