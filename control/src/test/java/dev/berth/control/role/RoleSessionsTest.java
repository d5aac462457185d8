package dev.berth.control.role;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.control.secret.AesVault;
import dev.berth.model.identity.RoleArn;
import dev.berth.model.signature.Principal;
import dev.berth.model.signature.RoleCredentials;
import dev.berth.model.task.TaskId;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RoleSessionsTest {
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678Z");
  private static final RoleArn ROLE = new RoleArn("arn:aws:iam::123456789012:role/web");
  private static final TaskId TASK = new TaskId("0123456789abcdef0123456789abcdef");

  private final RoleSessions sessions = sessions(1);

  @Test
  void credentialsHaveTheFormOfAwsAndEnd() {
    RoleCredentials issued = sessions.issue(ROLE, TASK, NOW);

    assertThat(issued.credentials().accessKeyId()).matches("ASIA[A-Z2-7]{16}");
    assertThat(issued.credentials().secretAccessKey()).hasSize(40);
    assertThat(issued.expiresAt()).isEqualTo(Instant.parse("2026-01-02T09:04:05Z"));
    assertThat(issued.role()).isEqualTo(ROLE);
  }

  @Test
  void theyAreKnownAgainAlsoByTheNextLifeOfTheServer() {
    var credentials = sessions.issue(ROLE, TASK, NOW).credentials();
    var next = sessions(1);

    var key = next.find(credentials.accessKeyId(), credentials.sessionToken()).orElseThrow();

    assertThat(key.credentials()).isEqualTo(credentials);
    assertThat(key.principal()).isEqualTo(new Principal.RoleSession(ROLE, TASK.value()));
    assertThat(key.expiresAt()).contains(Instant.parse("2026-01-02T09:04:05Z"));
  }

  @Test
  void newOnesDifferAndTheOldStayKnown() {
    var first = sessions.issue(ROLE, TASK, NOW).credentials();
    var second = sessions.issue(ROLE, TASK, NOW.plusSeconds(60)).credentials();

    assertThat(second.accessKeyId()).isNotEqualTo(first.accessKeyId());
    assertThat(second.secretAccessKey()).isNotEqualTo(first.secretAccessKey());
    assertThat(sessions.find(first.accessKeyId(), first.sessionToken())).isPresent();
  }

  @Test
  void noTokenOpensForAnotherKeyOrOfAnotherVault() {
    var first = sessions.issue(ROLE, TASK, NOW).credentials();
    var second = sessions.issue(ROLE, TASK, NOW).credentials();

    assertThat(sessions.find(second.accessKeyId(), first.sessionToken())).isEmpty();
    assertThat(sessions(2).find(first.accessKeyId(), first.sessionToken())).isEmpty();
    assertThat(sessions.find(first.accessKeyId(), "")).isEmpty();
    assertThat(sessions.find("AKIA" + "A".repeat(16), first.sessionToken())).isEmpty();
  }

  /** Whatever a client sends as its token, it is refused and breaks nothing. */
  @Test
  void aDamagedTokenIsRefused() {
    var credentials = sessions.issue(ROLE, TASK, NOW).credentials();
    var random = new Random(7);
    for (int round = 0; round < 2_000; round++) {
      var token = new StringBuilder(credentials.sessionToken());
      token.setCharAt(random.nextInt(token.length()), (char) (33 + random.nextInt(94)));
      int end = random.nextBoolean() ? token.length() : random.nextInt(token.length());
      String damaged = token.substring(0, end);

      assertThat(sessions.find(credentials.accessKeyId(), damaged))
          .as("round %d: %s", round, damaged)
          .matches(found -> found.isEmpty() || damaged.equals(credentials.sessionToken()));
    }
  }

  @Test
  void noSecretIsInAnyText() {
    RoleCredentials issued = sessions.issue(ROLE, TASK, NOW);

    assertThat(issued.toString())
        .doesNotContain(issued.credentials().secretAccessKey())
        .doesNotContain(issued.credentials().sessionToken());
  }

  private static RoleSessions sessions(int vaultKey) {
    byte[] key = new byte[AesVault.KEY_BYTES];
    key[0] = (byte) vaultKey;
    return new RoleSessions(
        new AesVault(key, new SecureRandom()), new SecureRandom(), Duration.ofHours(6));
  }
}
