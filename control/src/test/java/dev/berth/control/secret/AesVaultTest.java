package dev.berth.control.secret;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.model.secret.Sealed;
import java.security.SecureRandom;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class AesVaultTest {
  private static final byte[] CLEAR = "correct horse battery staple".getBytes(UTF_8);

  private final AesVault vault = new AesVault(new byte[AesVault.KEY_BYTES], new SecureRandom());

  @Test
  void whatIsSealedIsOpenedForWhatItWasSealedFor() {
    assertThat(vault.open(vault.seal(CLEAR, "a"), "a")).isEqualTo(CLEAR);
    assertThat(vault.open(vault.seal(new byte[0], "a"), "a")).isEmpty();
  }

  @Test
  void theSameValueIsSealedOtherwiseEachTimeAndDoesNotShow() {
    Sealed once = vault.seal(CLEAR, "a");

    assertThat(vault.seal(CLEAR, "a")).isNotEqualTo(once);
    assertThat(new String(Base64.getDecoder().decode(once.text()), UTF_8)).doesNotContain("horse");
  }

  @Test
  void nothingIsOpenedForSomethingElseOrAfterAChangeOrWithAnotherKey() {
    Sealed sealed = vault.seal(CLEAR, "a");
    byte[] changed = Base64.getDecoder().decode(sealed.text());
    changed[changed.length - 1] ^= 1;
    byte[] otherKey = new byte[AesVault.KEY_BYTES];
    otherKey[0] = 1;

    assertThatThrownBy(() -> vault.open(sealed, "b"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("the value of b");
    assertThatThrownBy(
            () -> vault.open(new Sealed(Base64.getEncoder().encodeToString(changed)), "a"))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> new AesVault(otherKey, new SecureRandom()).open(sealed, "a"))
        .isInstanceOf(IllegalStateException.class);
  }
}
