package dev.berth.control.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.model.network.Cidr;
import dev.berth.model.network.IpAddress;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AddressRangeTest {
  private final AddressRange small = new AddressRange(Cidr.parse("10.0.0.16/28"));

  @Test
  void theFiveAddressesThatAwsReservesAreNeverGiven() {
    assertThat(small.count()).isEqualTo(11);
    for (long from = -40; from < 40; from++) {
      assertThat(small.pick(Set.of(), from).orElseThrow().value())
          .isNotIn("10.0.0.16", "10.0.0.17", "10.0.0.18", "10.0.0.19", "10.0.0.31");
    }
  }

  @Test
  void eachAddressIsGivenOnceUntilNoneIsLeft() {
    var random = new Random(1);
    var taken = new HashSet<IpAddress>();
    for (int number = 0; number < small.count(); number++) {
      assertThat(taken.add(small.pick(taken, random.nextLong()).orElseThrow())).isTrue();
    }

    assertThat(small.pick(taken, random.nextLong())).isEmpty();
    taken.remove(new IpAddress("10.0.0.22"));
    assertThat(small.pick(taken, random.nextLong())).contains(new IpAddress("10.0.0.22"));
  }

  @Test
  void anIpv6AddressLiesInItsRangeAndIsFree() {
    var cidr = Cidr.parse("fd00:1:2:3::/64");
    var range = new AddressRange(cidr);
    IpAddress first = range.pickIpv6(Set.of(), 0);

    assertThat(first).isEqualTo(new IpAddress("fd00:1:2:3::4"));
    assertThat(range.pickIpv6(Set.of(first), 0)).isEqualTo(new IpAddress("fd00:1:2:3::5"));
    assertThat(cidr.contains(range.pickIpv6(Set.of(), -1))).isTrue();
  }
}
