package dev.berth.agent.network;

import static dev.berth.agent.network.VpcRoom.EVERYTHING;
import static dev.berth.agent.network.VpcRoom.SUBNET;
import static dev.berth.agent.network.VpcRoom.VPC;
import static dev.berth.agent.network.VpcRoom.group;
import static dev.berth.agent.network.VpcRoom.members;
import static dev.berth.agent.network.VpcRoom.tcp;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.agent.linux.LinuxException;
import dev.berth.agent.linux.Namespaces;
import dev.berth.agent.linux.PacketFilter;
import dev.berth.agent.linux.SetTransaction;
import dev.berth.agent.network.rules.Attachment;
import dev.berth.agent.network.rules.VpcRules;
import dev.berth.model.network.EniId;
import dev.berth.model.network.EniSpec;
import dev.berth.model.network.IpAddress;
import dev.berth.model.network.VpcPlan;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A router's table in a namespace of its own: the kernel has what scripts would have told it. */
@Timeout(30)
final class RouterTableTest {
  private static final String LIST = "list table " + VpcRules.TABLE;

  private final VpcPlan plan =
      VpcRoom.plan(
          VPC,
          1,
          List.of(),
          List.of(
              VpcRoom.plan(1, List.of(tcp(80, 80, members(1))), List.of(EVERYTHING)),
              VpcRoom.plan(2, List.of(tcp(81, 81, members(2))), List.of(EVERYTHING))));
  private final VpcRules rules = new VpcRules(plan, false);
  private final PacketFilter filter;
  private final RouterTable table;

  RouterTableTest() throws IOException {
    filter = Namespaces.inNewNetwork(PacketFilter::new);
    table = new RouterTable(filter);
  }

  @BeforeEach
  void putTheFirstInPlace() throws IOException {
    table.become(rules.all(List.of(attachment(0))));
  }

  @AfterEach
  void close() {
    filter.close();
  }

  @Test
  void elementsOneByOneAreTheSameTable() throws IOException {
    var attached = new ArrayList<Attachment>(List.of(attachment(0)));
    for (int slot = 1; slot < 300; slot++) {
      attached.add(attachment(slot));
      table.add(rules.elements(attachment(slot)));
      if (slot % 7 == 0 || slot > 250) { // One alone, and many at once.
        table.commit();
      }
    }
    assertIsTable(attached);

    for (int slot = 299; slot >= 1; slot--) {
      attached.removeLast();
      table.remove(rules.elements(attachment(slot)));
    }
    table.commit();
    assertIsTable(attached);
    assertThat(table.wasChanged()).isTrue(); // By this test, which replaced it.
  }

  @Test
  void oneThatLeavesAndComesAgainAtOnceIsThere() throws IOException {
    table.remove(rules.elements(attachment(0)));
    table.add(rules.elements(attachment(0)));
    table.commit();

    assertThat(table.wasChanged()).isFalse();
    assertIsTable(List.of(attachment(0)));
  }

  @Test
  void allOrNothing() throws IOException {
    var before = filter.run(LIST);
    var transaction = new SetTransaction(VpcRules.TABLE_NAME);
    transaction.add("published", new IpAddress("192.0.2.1").bytes());
    transaction.remove("published", new IpAddress("192.0.2.2").bytes());
    transaction.add("published", new IpAddress("192.0.2.3").bytes());

    assertThatThrownBy(() -> filter.run(transaction))
        .isInstanceOf(LinuxException.class)
        .hasMessageContaining("ENOENT");
    assertThat(filter.run(LIST)).isEqualTo(before);
  }

  @Test
  void whatTheKernelRefusedIsReplacedAsAWhole() throws IOException {
    filter.run("delete element " + VpcRules.TABLE + " ingress { \"v0\" }");
    table.remove(rules.elements(attachment(0)));
    assertThatThrownBy(table::commit).isInstanceOf(LinuxException.class);
    assertThat(table.isKnown()).isFalse();
    assertThat(table.wasChanged()).isTrue();

    table.become(rules.all(List.of(attachment(0))));
    assertThat(table.isKnown()).isTrue();
    assertIsTable(List.of(attachment(0)));
  }

  /** The kernel lists it as it lists the one that a script puts in its place. */
  private void assertIsTable(List<Attachment> attached) throws IOException {
    var listed = filter.run(LIST);
    filter.run(rules.all(attached).whole());
    assertThat(sorted(listed)).isEqualTo(sorted(filter.run(LIST)));
  }

  /** Elements are listed in the order of the kernel's hashes, which differ from set to set. */
  private static List<String> sorted(String listed) {
    return listed
        .lines()
        .flatMap(line -> List.of(line.replace("elements = {", "").split("[,}]")).stream())
        .map(String::strip)
        .filter(line -> !line.isEmpty())
        .sorted()
        .toList();
  }

  private static Attachment attachment(int slot) {
    var address = new IpAddress("172.29.%d.%d".formatted(slot / 200, 4 + slot % 200));
    return new Attachment(
        slot,
        new EniSpec(
            new EniId("eni-%08x".formatted(slot)),
            VPC,
            SUBNET,
            "0a:01:00:00:00:01",
            address,
            Optional.of(new IpAddress("2001:db8::%x".formatted(4 + slot))),
            slot % 2 == 0
                ? Optional.empty()
                : Optional.of(new IpAddress("198.51.%d.%d".formatted(slot / 200, slot % 200))),
            List.of(group(1), group(2)),
            "ip.ec2.internal"));
  }
}
