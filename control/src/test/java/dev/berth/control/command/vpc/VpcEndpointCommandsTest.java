package dev.berth.control.command.vpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import dev.berth.control.command.vpc.VpcEndpointCommands.Change;
import dev.berth.control.command.vpc.VpcEndpointCommands.Wish;
import dev.berth.control.network.InterfaceAllocator;
import dev.berth.control.network.NetworkIds;
import dev.berth.control.network.VpcPlanCompiler;
import dev.berth.control.state.HeldInterface;
import dev.berth.control.state.Ledger;
import dev.berth.control.state.NetworkKind;
import dev.berth.model.identity.AccountId;
import dev.berth.model.identity.Realm;
import dev.berth.model.identity.Region;
import dev.berth.model.network.EniSpec;
import dev.berth.model.network.IpAddress;
import dev.berth.model.network.SecurityGroupPlan;
import dev.berth.model.network.VpcEndpoint;
import dev.berth.model.network.VpcId;
import dev.berth.model.network.VpcPlan;
import dev.berth.store.memory.MemoryStore;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** In a VPC of its own with a subnet in each of two zones, and a third one beside the first. */
class VpcEndpointCommandsTest {
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
  private static final Realm REALM =
      new Realm(new AccountId("123456789012"), new Region("eu-west-1"));
  private static final String SECRETS = "com.amazonaws.eu-west-1.secretsmanager";
  private static final Once ALWAYS = new Once("CreateVpcEndpoint", Optional.empty(), "");
  private static final Change NOTHING =
      new Change(List.of(), List.of(), List.of(), List.of(), Optional.empty(), Optional.empty());

  private final MemoryStore store = new MemoryStore();
  private Ledger ledger = Ledger.open(store, "test");
  private final Networks networks =
      new Networks(
          ledger,
          new InterfaceAllocator(
              new NetworkIds(new Random(1)), InterfaceAllocator.PUBLIC_POOL_STANDARD),
          InstantSource.fixed(NOW));
  private final VpcCommands vpcs = new VpcCommands(networks);
  private final SubnetCommands subnets = new SubnetCommands(networks);
  private final SecurityGroupCommands groups = new SecurityGroupCommands(networks);
  private final VpcEndpointCommands endpoints =
      new VpcEndpointCommands(networks, Set.of("secretsmanager", "ecs"));
  private String vpc = "";
  private String first = "";
  private String second = "";
  private String beside = "";

  @BeforeEach
  void makeAVpc() throws NetworkRefused {
    vpc =
        vpcs.create(REALM, new VpcCommands.Wish("10.0.0.0/16", true, Optional.empty(), Map.of()))
            .id()
            .value();
    vpcs.modifyDns(REALM, vpc, Optional.empty(), Optional.of(true));
    first = subnet("10.0.0.0/28", "eu-west-1a");
    second = subnet("10.0.1.0/28", "eu-west-1b");
    beside = subnet("10.0.2.0/28", "eu-west-1a");
  }

  private String subnet(String cidr, String zone) throws NetworkRefused {
    return subnets
        .create(
            REALM,
            new SubnetCommands.Wish(vpc, cidr, Optional.empty(), Optional.of(zone), Map.of()))
        .id()
        .value();
  }

  private String group(String name) throws NetworkRefused {
    return groups.create(REALM, Optional.of(vpc), name, name, Map.of()).id().value();
  }

  private Wish wish(List<String> subnetIds, List<String> groupIds, boolean privateDns) {
    return new Wish(
        vpc, SECRETS, "Interface", subnetIds, groupIds, privateDns, Optional.empty(), Map.of());
  }

  private VpcEndpoint make(List<String> subnetIds) throws NetworkRefused {
    return endpoints.create(REALM, wish(subnetIds, List.of(), false), ALWAYS);
  }

  private VpcPlan plan() {
    return VpcPlanCompiler.compile(ledger.state(), new VpcId(vpc)).orElseThrow();
  }

  private static NetworkRefused refusal(ThrowingCallable call) {
    return catchThrowableOfType(NetworkRefused.class, call);
  }

  @Test
  void itHasAnInterfaceInEachSubnetAndTheDefaultGroup() throws NetworkRefused {
    VpcEndpoint made = make(List.of(first, second));

    assertThat(made.id().value()).matches("vpce-0[0-9a-f]{16}");
    assertThat(made.interfaces())
        .extracting(each -> each.eni().subnet().value(), VpcEndpoint.InSubnet::zone)
        .containsExactly(tuple(first, "eu-west-1a"), tuple(second, "eu-west-1b"));
    assertThat(made.groups()).hasSize(1);
    for (VpcEndpoint.InSubnet each : made.interfaces()) {
      EniSpec eni = each.eni();
      assertThat(eni.groups()).isEqualTo(made.groups());
      assertThat(eni.ipv6Address()).isEmpty();
      assertThat(ledger.state().networks().find(eni.id()))
          .contains(
              new HeldInterface(eni, REALM, new HeldInterface.Owner.OfVpcEndpoint(made.id())));
      assertThat(ledger.state().networks().taken(eni.subnet())).contains(eni.privateAddress());
    }
  }

  @Test
  void aHostIsToldItsAddressesGroupsAndNames() throws NetworkRefused {
    long before = plan().version();
    VpcEndpoint made =
        endpoints.create(REALM, wish(List.of(first, second), List.of(), true), ALWAYS);
    VpcPlan plan = plan();

    assertThat(plan.version()).isGreaterThan(before);
    assertThat(plan.endpoints())
        .containsExactly(new VpcPlan.Endpoint(made.addresses(), made.groups()));
    assertThat(plan.groups())
        .extracting(SecurityGroupPlan::members)
        .containsExactly(made.addresses().stream().sorted(order(made)).toList());
    String own = made.id() + "-" + made.suffix();
    String domain = ".secretsmanager.eu-west-1.vpce.amazonaws.com";
    assertThat(made.suffix()).matches("[a-z0-9]{8}");
    assertThat(plan.names())
        .containsExactly(
            new VpcPlan.DnsName(own + domain, made.addresses()),
            new VpcPlan.DnsName(own + "-eu-west-1a" + domain, List.of(made.addresses().getFirst())),
            new VpcPlan.DnsName(own + "-eu-west-1b" + domain, List.of(made.addresses().get(1))),
            new VpcPlan.DnsName("secretsmanager.eu-west-1.amazonaws.com", made.addresses()));

    vpcs.modifyDns(REALM, vpc, Optional.empty(), Optional.of(false));
    assertThat(plan().names()).hasSize(3);
    endpoints.delete(REALM, made.id().value());
    assertThat(plan().endpoints()).isEmpty();
    assertThat(plan().names()).isEmpty();
    assertThat(plan().groups()).allSatisfy(group -> assertThat(group.members()).isEmpty());
  }

  /** Members are told by their interfaces' ids. */
  private static Comparator<IpAddress> order(VpcEndpoint made) {
    return Comparator.comparing(
        address ->
            made.interfaces().stream()
                .map(VpcEndpoint.InSubnet::eni)
                .filter(eni -> eni.privateAddress().equals(address))
                .findFirst()
                .orElseThrow()
                .id());
  }

  @Test
  void whatItHasIsInUseUntilItGoes() throws NetworkRefused {
    String door = group("door");
    VpcEndpoint made = endpoints.create(REALM, wish(List.of(first), List.of(door), false), ALWAYS);
    String eni = made.interfaces().getFirst().eni().id().value();

    assertThat(refusal(() -> subnets.delete(REALM, first)).error())
        .isEqualTo(NetworkError.DEPENDENCY_VIOLATION);
    assertThat(refusal(() -> groups.delete(REALM, door)).error())
        .isEqualTo(NetworkError.DEPENDENCY_VIOLATION);
    assertThat(refusal(() -> new AddressCommands(networks).deleteInterface(REALM, eni)).error())
        .isEqualTo(NetworkError.INTERFACE_IN_USE);

    endpoints.delete(REALM, made.id().value());
    assertThat(refusal(() -> endpoints.delete(REALM, made.id().value())))
        .hasMessage("The Vpc Endpoint Id '%s' does not exist".formatted(made.id()));
    subnets.delete(REALM, first);
    groups.delete(REALM, door);
  }

  @Test
  void oneWithoutSubnetsHoldsItsGroupsAndItsVpc() throws NetworkRefused {
    String door = group("door");
    VpcEndpoint made = endpoints.create(REALM, wish(List.of(), List.of(door), false), ALWAYS);
    for (String each : List.of(first, second, beside)) {
      subnets.delete(REALM, each);
    }

    assertThat(plan().endpoints()).isEmpty();
    assertThat(refusal(() -> groups.delete(REALM, door)).error())
        .isEqualTo(NetworkError.DEPENDENCY_VIOLATION);
    assertThat(refusal(() -> vpcs.delete(REALM, vpc)).error())
        .isEqualTo(NetworkError.DEPENDENCY_VIOLATION);
    endpoints.delete(REALM, made.id().value());
    groups.delete(REALM, door);
    vpcs.delete(REALM, vpc);
  }

  @Test
  void aServiceThatIsNotServedHasNone() {
    for (String name :
        List.of(
            "com.amazonaws.eu-west-1.s3",
            "com.amazonaws.us-east-1.secretsmanager",
            "secretsmanager")) {
      var wish =
          new Wish(vpc, name, "Gateway", List.of(), List.of(), false, Optional.empty(), Map.of());
      assertThat(refusal(() -> endpoints.create(REALM, wish, ALWAYS)))
          .hasMessage("The Vpc Endpoint Service '%s' does not exist".formatted(name))
          .extracting(NetworkRefused::error)
          .isEqualTo(NetworkError.INVALID_SERVICE_NAME);
    }
    var gateway =
        new Wish(vpc, SECRETS, "Gateway", List.of(), List.of(), false, Optional.empty(), Map.of());
    assertThat(refusal(() -> endpoints.create(REALM, gateway, ALWAYS)))
        .hasMessage(
            "Endpoint type (Gateway) does not match available service types ([Interface]).");
  }

  @Test
  void privateDnsNeedsTheVpcsAttributesAndIsOfOneEndpointOnly() throws NetworkRefused {
    VpcEndpoint one = endpoints.create(REALM, wish(List.of(first), List.of(), true), ALWAYS);
    assertThat(refusal(() -> endpoints.create(REALM, wish(List.of(), List.of(), true), ALWAYS)))
        .hasMessage(
            "private-dns-enabled cannot be set because there is already a conflicting DNS domain"
                + " for secretsmanager.eu-west-1.amazonaws.com in the VPC "
                + vpc);
    VpcEndpoint other = make(List.of(second));
    assertThat(refusal(() -> endpoints.modify(REALM, other.id().value(), privateDns(true))))
        .hasMessageContaining("conflicting DNS domain");
    endpoints.modify(REALM, one.id().value(), privateDns(false));
    assertThat(endpoints.modify(REALM, other.id().value(), privateDns(true)).privateDns()).isTrue();

    vpcs.modifyDns(REALM, vpc, Optional.empty(), Optional.of(false));
    assertThat(refusal(() -> endpoints.modify(REALM, one.id().value(), privateDns(true))))
        .hasMessage(
            "Enabling private DNS requires both enableDnsSupport and enableDnsHostnames VPC"
                + " attributes set to true for "
                + vpc)
        .extracting(NetworkRefused::error)
        .isEqualTo(NetworkError.INVALID_PARAMETER);
  }

  private static Change privateDns(boolean enabled) {
    return new Change(
        List.of(), List.of(), List.of(), List.of(), Optional.of(enabled), Optional.empty());
  }

  @Test
  void itsSubnetsAreOfItsVpcOfDifferentZonesAndHaveAddresses() throws NetworkRefused {
    assertThat(refusal(() -> make(List.of(first, beside))))
        .hasMessageStartingWith(
            "Found another VPC endpoint subnet in the availability zone of " + beside)
        .extracting(NetworkRefused::error)
        .isEqualTo(NetworkError.DUPLICATE_SUBNETS_IN_SAME_ZONE);
    String stranger =
        ledger.state().all(NetworkKind.SUBNET).stream()
            .filter(it -> !it.vpc().value().equals(vpc))
            .findFirst()
            .orElseThrow()
            .id()
            .value();
    assertThat(refusal(() -> make(List.of(stranger))).error())
        .isEqualTo(NetworkError.INVALID_PARAMETER);
    for (int count = 0; count < 11; count++) {
      make(List.of(first));
    }
    assertThat(refusal(() -> make(List.of(second, first))).error())
        .isEqualTo(NetworkError.INSUFFICIENT_FREE_ADDRESSES);
    assertThat(ledger.state().all(NetworkKind.VPC_ENDPOINT)).hasSize(11);
  }

  @Test
  void whatChangesIsToldAndTheRestStays() throws NetworkRefused {
    VpcEndpoint made = make(List.of(first));
    EniSpec kept = made.interfaces().getFirst().eni();
    String door = group("door");
    VpcEndpoint changed =
        endpoints.modify(
            REALM,
            made.id().value(),
            new Change(
                List.of(second),
                List.of(),
                List.of(door),
                List.of(made.groups().getFirst().value()),
                Optional.empty(),
                Optional.empty()));

    assertThat(changed.interfaces()).hasSize(2);
    assertThat(changed.interfaces().getFirst().eni()).isEqualTo(kept.withGroups(changed.groups()));
    assertThat(changed.groups()).extracting(Object::toString).containsExactly(door);
    assertThat(plan().endpoints())
        .containsExactly(new VpcPlan.Endpoint(changed.addresses(), changed.groups()));

    var less =
        new Change(
            List.of(beside),
            List.of(first),
            List.of(),
            List.of(),
            Optional.empty(),
            Optional.empty());
    assertThat(endpoints.modify(REALM, made.id().value(), less).interfaces())
        .extracting(each -> each.eni().subnet().value())
        .containsExactly(second, beside);
    assertThat(ledger.state().networks().find(kept.id())).isEmpty();
    assertThat(ledger.state().networks().taken(kept.subnet())).isEmpty();
    var none =
        new Change(
            List.of(), List.of(), List.of(), List.of(door), Optional.empty(), Optional.empty());
    assertThat(refusal(() -> endpoints.modify(REALM, made.id().value(), none)))
        .hasMessage("An Interface VPC Endpoint must always have at least one Security Group.");
    assertThat(endpoints.modify(REALM, made.id().value(), NOTHING).groups())
        .isEqualTo(changed.groups());
  }

  @Test
  void aPolicyIsKeptWordForWordAndMayForbidNothing() throws NetworkRefused {
    String open =
        """
        {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": {"AWS": "*"},
         "Action": ["*"], "Resource": "*"}}""";
    VpcEndpoint made = make(List.of(first));
    assertThat(made.policy()).isEmpty();
    endpoints.modify(REALM, made.id().value(), policy(Optional.of(open)));
    assertThat(endpoints.modify(REALM, made.id().value(), NOTHING).policy()).contains(open);
    for (String closed :
        List.of(
            open.replace("Allow", "Deny"),
            open.replace("[\"*\"]", "\"ecs:*\""),
            open.replace("\"Resource\": \"*\"", "\"Resource\": \"arn:aws:ecs:::x\""),
            open.replace("{\"AWS\": \"*\"}", "{\"Service\": \"*\"}"),
            open.replace("\"Effect\"", "\"Condition\": {}, \"Effect\""))) {
      assertThat(
              refusal(() -> endpoints.modify(REALM, made.id().value(), policy(Optional.of(closed))))
                  .error())
          .as(closed)
          .isEqualTo(NetworkError.UNSUPPORTED);
    }
    for (String wrong : List.of("{", "[]", "{}", "{\"Statement\": [1]}", "\"*\"")) {
      assertThat(
              refusal(() -> endpoints.modify(REALM, made.id().value(), policy(Optional.of(wrong))))
                  .error())
          .as(wrong)
          .isEqualTo(NetworkError.INVALID_POLICY_DOCUMENT);
    }
    assertThat(endpoints.modify(REALM, made.id().value(), policy(Optional.empty())).policy())
        .isEmpty();
    EndpointPolicy.check(EndpointPolicy.FULL_ACCESS);
  }

  private static Change policy(Optional<String> document) {
    return new Change(
        List.of(), List.of(), List.of(), List.of(), Optional.empty(), Optional.of(document));
  }

  @Test
  void aRepeatedCallMakesNothingTwiceAndARestartForgetsNothing() throws NetworkRefused {
    var once = new Once("CreateVpcEndpoint", Optional.of("token"), "same");
    VpcEndpoint made = endpoints.create(REALM, wish(List.of(first), List.of(), true), once);

    assertThat(endpoints.create(REALM, wish(List.of(first), List.of(), true), once))
        .isEqualTo(made);
    var other = new Once("CreateVpcEndpoint", Optional.of("token"), "other");
    assertThat(
            refusal(() -> endpoints.create(REALM, wish(List.of(first), List.of(), true), other))
                .error())
        .isEqualTo(NetworkError.IDEMPOTENT_PARAMETER_MISMATCH);

    VpcPlan before = plan();
    ledger = Ledger.open(store, "next");
    assertThat(plan().endpoints()).isEqualTo(before.endpoints());
    assertThat(plan().names()).isEqualTo(before.names());
    assertThat(plan().groups()).isEqualTo(before.groups());
  }
}
