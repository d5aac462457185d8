package dev.berth.agent.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

final class ContainerUserTest {
  private static final String PASSWD =
      """
      root:x:0:0:root:/root:/bin/sh
      broken:x:abc:1::/nowhere:/bin/sh
      short
      worker:x:1000:1001::/home/worker:/bin/sh
      77:x:1077:1077::/home/seventy:/bin/sh
      homeless:x:1002:1002::relative:/bin/sh
      """;
  private static final String GROUP =
      """
      root:x:0:
      workers:x:1001:
      extra:x:2000:worker,other
      more:x:2001:other,worker
      broken:x:-1:worker
      """;

  @Test
  void anEmptyUserIsRoot() throws Exception {
    assertThat(resolve("")).isEqualTo(new ContainerUser(0, 0, List.of(), "/root"));
    assertThat(ContainerUser.resolve("", "", ""))
        .isEqualTo(new ContainerUser(0, 0, List.of(), "/"));
  }

  @Test
  void aNameBringsItsGroupsAndHome() throws Exception {
    assertThat(resolve("worker"))
        .isEqualTo(new ContainerUser(1000, 1001, List.of(2000, 2001), "/home/worker"));
    assertThat(resolve("1000")).isEqualTo(resolve("worker"));
  }

  @Test
  void anUnknownNumberIsTakenAsItIs() throws Exception {
    assertThat(resolve("4242")).isEqualTo(new ContainerUser(4242, 0, List.of(), "/"));
    assertThat(resolve("4242:17")).isEqualTo(new ContainerUser(4242, 17, List.of(), "/"));
  }

  @Test
  void aGivenGroupIsTheOnlyOne() throws Exception {
    assertThat(resolve("worker:extra"))
        .isEqualTo(new ContainerUser(1000, 2000, List.of(), "/home/worker"));
  }

  @Test
  void aNameOfDigitsIsANameFirst() throws Exception {
    assertThat(resolve("77").uid()).isEqualTo(1077);
  }

  @Test
  void aHomeThatIsNoPathIsTheRoot() throws Exception {
    assertThat(resolve("homeless").home()).isEqualTo("/");
  }

  @Test
  void whatIsNotThereIsRefused() {
    assertThatThrownBy(() -> resolve("nobody")).hasMessageContaining("unable to find user nobody");
    assertThatThrownBy(() -> resolve("broken")).hasMessageContaining("unable to find user broken");
    assertThatThrownBy(() -> resolve("worker:none")).hasMessageContaining("find group none");
    assertThatThrownBy(() -> resolve("2147483648")).hasMessageContaining("unable to find user");
    assertThatThrownBy(() -> resolve("-1")).hasMessageContaining("unable to find user");
  }

  private static ContainerUser resolve(String declared) throws Exception {
    return ContainerUser.resolve(declared, PASSWD, GROUP);
  }
}
