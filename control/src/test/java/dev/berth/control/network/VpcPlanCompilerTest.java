package dev.berth.control.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.control.state.Kind;
import dev.berth.control.state.Ledger;
import dev.berth.control.state.NetworkKind;
import dev.berth.control.state.State;
import dev.berth.model.identity.AccountId;
import dev.berth.model.identity.Realm;
import dev.berth.model.identity.Region;
import dev.berth.model.network.Cidr;
import dev.berth.model.network.InternetGateway;
import dev.berth.model.network.IpAddress;
import dev.berth.model.network.MemberChange;
import dev.berth.model.network.NetworkInterface;
import dev.berth.model.network.PrefixList;
import dev.berth.model.network.SecurityGroup;
import dev.berth.model.network.SecurityGroupPlan;
import dev.berth.model.network.Subnet;
import dev.berth.model.network.SubnetPlan;
import dev.berth.model.network.Vpc;
import dev.berth.model.network.VpcPlan;
import dev.berth.store.memory.MemoryStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class VpcPlanCompilerTest {
  private static final Realm REALM =
      new Realm(new AccountId("123456789012"), new Region("eu-west-1"));

  private final MemoryStore store = new MemoryStore();
  private final NetworkIds ids = new NetworkIds(new Random(1));
  private final InterfaceAllocator interfaces =
      new InterfaceAllocator(ids, InterfaceAllocator.PUBLIC_POOL_STANDARD);
  private Ledger ledger = Ledger.open(store, "test");
  private final Vpc vpc =
      ledger.decide(
          draft -> {
            var standard = new StandardNetwork(ids);
            standard.prepare(draft, REALM, Instant.EPOCH);
            return draft.state().all(NetworkKind.VPC).iterator().next();
          });

  @Test
  void theDefaultVpcLeadsOutAndItsGroupLetsItsMembersIn() {
    NetworkInterface first = addInterface(group());
    VpcPlan plan = plan();

    assertThat(plan.cidrs()).containsExactly(Cidr.parse("172.31.0.0/16"));
    assertThat(plan.subnets())
        .hasSize(3)
        .allSatisfy(
            subnet ->
                assertThat(subnet.routes())
                    .containsExactly(
                        new SubnetPlan.Route(
                            Cidr.parse("0.0.0.0/0"), new SubnetPlan.Target.InternetGateway())));
    SecurityGroupPlan group = plan.groups().getFirst();
    assertThat(group.members()).containsExactly(first.eni().privateAddress());
    assertThat(group.ingress())
        .containsExactly(
            new SecurityGroupPlan.Rule(
                SecurityGroupPlan.EVERY_PROTOCOL,
                Optional.empty(),
                Optional.empty(),
                new SecurityGroupPlan.Peer.Group(group.id())));
  }

  @Test
  void prefixListsAreResolvedAndPortsAndTypesAreToldApart() {
    var list =
        new PrefixList(
            ids.prefixList(),
            REALM,
            "two",
            false,
            2,
            1,
            List.of(
                new PrefixList.Entry(Cidr.parse("10.0.0.0/8"), ""),
                new PrefixList.Entry(Cidr.parse("11.0.0.0/8"), "")));
    SecurityGroup group =
        group()
            .withRules(
                List.of(
                    rule(6, 80, 81, new SecurityGroup.Peer.Prefixes(list.id())),
                    rule(1, 8, -1, new SecurityGroup.Peer.Range(Cidr.parse("0.0.0.0/0"))),
                    rule(17, -1, -1, new SecurityGroup.Peer.Range(Cidr.parse("::/0")))));
    put(NetworkKind.PREFIX_LIST, list);
    put(NetworkKind.SECURITY_GROUP, group);

    assertThat(plan().groups().getFirst().ingress())
        .containsExactly(
            tcp("10.0.0.0/8"),
            tcp("11.0.0.0/8"),
            new SecurityGroupPlan.Rule(
                1,
                Optional.empty(),
                Optional.of(new SecurityGroupPlan.Icmp(8, -1)),
                range("0.0.0.0/0")),
            new SecurityGroupPlan.Rule(17, Optional.empty(), Optional.empty(), range("::/0")));
  }

  @Test
  void aDetachedGatewayLeavesABlackHole() {
    InternetGateway gateway = ledger.state().all(NetworkKind.INTERNET_GATEWAY).iterator().next();
    put(NetworkKind.INTERNET_GATEWAY, new InternetGateway(gateway.id(), REALM, Optional.empty()));

    assertThat(plan().subnets().getFirst().routes())
        .extracting(SubnetPlan.Route::target)
        .containsExactly(new SubnetPlan.Target.Blackhole());
  }

  @Test
  void whoFollowsTheChangesKnowsWhatAWholePlanSays() {
    for (long seed = 0; seed < 50; seed++) {
      var random = new Random(seed);
      VpcPlan known = plan();
      long told = revision();
      var made = new ArrayList<NetworkInterface>();
      for (int step = 0; step < 40; step++) {
        if (made.isEmpty() || random.nextInt(3) > 0) {
          made.add(addInterface(group()));
        } else {
          NetworkInterface gone = made.remove(random.nextInt(made.size()));
          ledger.decide(
              draft -> {
                draft.remove(NetworkKind.NETWORK_INTERFACE, gone.id());
                return gone;
              });
        }
        if (random.nextInt(4) == 0) {
          MemberChange change = since(told).orElseThrow();
          known = known.after(change).after(change); // Twice, as a message may come.
          assertThat(change.since()).isEqualTo(told);
          told = change.version();
          assertThat(members(known)).as("seed %d, step %d", seed, step).isEqualTo(members(plan()));
          assertThat(known.version()).isEqualTo(plan().version());
        }
      }
      made.forEach(
          each ->
              ledger.decide(
                  draft -> {
                    draft.remove(NetworkKind.NETWORK_INTERFACE, each.id());
                    return each;
                  }));
    }
  }

  @Test
  void aChangeOfAnythingElseAsksForAWholePlan() {
    long told = revision();
    put(NetworkKind.VPC, vpc.withDns(true, false));

    assertThat(since(told)).isEmpty();
    assertThat(plan().version()).isGreaterThan(told);
  }

  @Test
  void versionsGrowBeyondARestart() {
    addInterface(group());
    addInterface(group());
    long before = plan().version();

    ledger = Ledger.open(store, "next");

    assertThat(plan().version()).isGreaterThan(before);
  }

  private Optional<MemberChange> since(long told) {
    return VpcPlanCompiler.since(ledger.state().networks().in(vpc.id()), vpc.id(), told);
  }

  private long revision() {
    return ledger.state().networks().in(vpc.id()).revision();
  }

  private VpcPlan plan() {
    return VpcPlanCompiler.compile(ledger.state(), vpc.id()).orElseThrow();
  }

  private static Set<IpAddress> members(VpcPlan plan) {
    return Set.copyOf(plan.groups().getFirst().members());
  }

  private SecurityGroup group() {
    return ledger.state().all(NetworkKind.SECURITY_GROUP).iterator().next();
  }

  private NetworkInterface addInterface(SecurityGroup group) {
    return ledger.decide(
        draft -> {
          State state = draft.state();
          Subnet subnet = state.all(NetworkKind.SUBNET).iterator().next();
          var eni = interfaces.allocate(state, subnet, List.of(group.id()), false).orElseThrow();
          var made = new NetworkInterface(eni, REALM, "", true, Instant.EPOCH);
          draft.put(NetworkKind.NETWORK_INTERFACE, made);
          return made;
        });
  }

  private <K, R extends Record> void put(Kind<K, R> kind, R entry) {
    ledger.decide(
        draft -> {
          draft.put(kind, entry);
          return entry;
        });
  }

  private SecurityGroup.Rule rule(int protocol, int from, int to, SecurityGroup.Peer peer) {
    return new SecurityGroup.Rule(
        ids.securityGroupRule(),
        false,
        new SecurityGroup.Traffic(protocol, from, to, peer),
        Optional.empty());
  }

  private static SecurityGroupPlan.Rule tcp(String cidr) {
    return new SecurityGroupPlan.Rule(
        6, Optional.of(new SecurityGroupPlan.Ports(80, 81)), Optional.empty(), range(cidr));
  }

  private static SecurityGroupPlan.Peer range(String cidr) {
    return new SecurityGroupPlan.Peer.Range(Cidr.parse(cidr));
  }
}
