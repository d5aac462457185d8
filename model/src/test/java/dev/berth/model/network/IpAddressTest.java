package dev.berth.model.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class IpAddressTest {
  @ParameterizedTest
  @CsvSource({
    "172.31.0.5, 172.31.0.5",
    "2001:db8:0:0:0:0:0:5, 2001:db8::5",
    "2001:0DB8::0005, 2001:db8::5",
    "fde7:651c:d9da:b500:0:0:0:0, fde7:651c:d9da:b500::",
    "0:0:0:0:0:0:0:0, ::",
    "::1, ::1",
    "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
    "2001:0:0:1:0:0:0:1, 2001:0:0:1::1",
    "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
    "1:2:3:4:5:6:7:8, 1:2:3:4:5:6:7:8",
    "0:2:3:4:5:6:7:0, 0:2:3:4:5:6:7:0",
    "::ffff:192.0.2.1, 192.0.2.1"
  })
  void equalAddressesAreEqualTexts(String given, String text) {
    var address = new IpAddress(given);
    assertThat(address).hasToString(text);
    assertThat(new IpAddress(text)).isEqualTo(address);
    assertThat(IpAddress.of(address.bytes())).isEqualTo(address);
  }

  @Test
  void aNameIsNoAddress() {
    assertThatThrownBy(() -> new IpAddress("localhost"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
