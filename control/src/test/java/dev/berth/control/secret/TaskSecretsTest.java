package dev.berth.control.secret;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.control.state.Ledger;
import dev.berth.model.identity.AccountId;
import dev.berth.model.identity.Realm;
import dev.berth.model.identity.Region;
import dev.berth.model.secret.ParameterType;
import dev.berth.store.memory.MemoryStore;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class TaskSecretsTest {
  private static final Realm REALM =
      new Realm(new AccountId("123456789012"), new Region("eu-west-1"));
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

  private final Ledger ledger = Ledger.open(new MemoryStore(), "test");
  private final Vault vault = new AesVault(new byte[AesVault.KEY_BYTES], new SecureRandom());
  private final Secrets secrets = new Secrets(vault);
  private final Parameters parameters = new Parameters(vault);
  private final SecretCommands commands = new SecretCommands(ledger, secrets, new SecureRandom());
  private final TaskSecrets tasks = new TaskSecrets(secrets, parameters);

  @Test
  void aSecretIsTakenWholeOrByItsKeyItsLabelAndItsVersion() throws Exception {
    String arn = secret("web/key", "v1", "{\"user\": \"me\", \"port\": 5432}");
    var _ = commands.put(REALM, arn, "v2", text("{\"user\": \"you\"}"), List.of(), NOW);

    assertThat(open(arn)).isEqualTo("{\"user\": \"you\"}");
    assertThat(open(arn + ":user::")).isEqualTo("you");
    assertThat(open(arn + ":user:AWSPREVIOUS:")).isEqualTo("me");
    assertThat(open(arn + ":port::v1")).isEqualTo("5432");
    assertThat(open(arn.substring(0, arn.length() - 7) + ":user")).isEqualTo("you");
  }

  @Test
  void aParameterIsTakenByNameOrArn() throws Exception {
    parameter("/web/key", "blue");

    assertThat(open("/web/key")).isEqualTo("blue");
    assertThat(open("arn:aws:ssm:eu-west-1:123456789012:parameter/web/key")).isEqualTo("blue");
  }

  @Test
  void whatCannotBeHadIsNamedAndNothingOfAValueShown() throws Exception {
    String arn = secret("web/key", "v1", "no json but-secret");

    assertMissing("/nope", "unable to retrieve secrets from ssm: invalid parameters: /nope");
    assertMissing(arn + ":user::", arn + ":user:: is not JSON");
    assertMissing(
        "arn:aws:secretsmanager:eu-west-1:123456789012:secret:nope-AbCdEf",
        "nope-AbCdEf from secrets manager: Secrets Manager can't find the specified secret.");
    assertMissing("arn:aws:secretsmanager:eu-west-1:210987654321:secret:web/key", "this account");
    assertMissing("arn:aws:s3:::bucket/key", "no secret or parameter");
    assertMissing(arn + "::AWSPENDING:", "staging label: AWSPENDING");
    var _ = commands.delete(REALM, arn, OptionalInt.empty(), false, NOW);
    assertMissing(arn, "marked for deletion");
  }

  private void assertMissing(String reference, String why) {
    assertThatThrownBy(() -> open(reference))
        .isInstanceOf(TaskSecrets.Missing.class)
        .hasMessageContaining(why)
        .hasMessageNotContaining("but-secret");
  }

  private String open(String reference) throws TaskSecrets.Missing {
    Map<String, Map<String, String>> values =
        tasks.open(ledger.state(), REALM, Map.of("app", Map.of("KEY", reference)), NOW);
    return values.getOrDefault("app", Map.of()).getOrDefault("KEY", "");
  }

  private String secret(String name, String token, String value) throws SecretRefused {
    var wish =
        new SecretCommands.Wish(
            token, Optional.empty(), Optional.empty(), Optional.of(text(value)));
    return commands.create(REALM, name, wish, Map.of(), NOW).secret().arn().toString();
  }

  private void parameter(String name, String value) throws ParameterRefused {
    var _ =
        new ParameterCommands(ledger, parameters)
            .put(
                REALM,
                new ParameterCommands.Wish(
                    name,
                    value,
                    Optional.of(ParameterType.SECURE_STRING),
                    false,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    "text",
                    Optional.empty(),
                    Map.of(),
                    "me"),
                NOW);
  }

  private static SecretValue text(String value) {
    return new SecretValue(value.getBytes(UTF_8), false);
  }
}
