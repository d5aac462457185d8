package dev.berth.api.secretsmanager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.api.gateway.TestGateway;
import dev.berth.control.secret.AesVault;
import dev.berth.control.secret.SecretCommands;
import dev.berth.control.secret.Secrets;
import dev.berth.control.state.Kind;
import dev.berth.control.state.Ledger;
import dev.berth.store.memory.MemoryStore;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.Filter;
import software.amazon.awssdk.services.secretsmanager.model.FilterNameStringType;
import software.amazon.awssdk.services.secretsmanager.model.InvalidParameterException;
import software.amazon.awssdk.services.secretsmanager.model.InvalidRequestException;
import software.amazon.awssdk.services.secretsmanager.model.ResourceExistsException;
import software.amazon.awssdk.services.secretsmanager.model.ResourceNotFoundException;
import software.amazon.awssdk.services.secretsmanager.model.SecretListEntry;
import software.amazon.awssdk.services.secretsmanager.model.SecretsManagerException;
import software.amazon.awssdk.services.secretsmanager.model.Tag;

class SecretOperationsTest {
  private final Ledger ledger = Ledger.open(new MemoryStore(), "test");
  private final Secrets secrets =
      new Secrets(new AesVault(new byte[AesVault.KEY_BYTES], new SecureRandom()));
  private final TestGateway gateway =
      new TestGateway(
          new SecretOperations(
                  ledger, secrets, new SecretCommands(ledger, secrets, new SecureRandom()))
              .binding());
  private final SecretsManagerClient client = gateway.secrets();

  @AfterEach
  void stop() {
    client.close();
    gateway.close();
  }

  @Test
  void aSecretIsFoundByItsNameItsArnAndItsArnWithoutTheEnd() {
    var made = client.createSecret(it -> it.name("web/key").secretString("blue moon"));

    assertThat(made.arn())
        .matches("arn:aws:secretsmanager:lab-9:123456789012:secret:web/key-[A-Za-z0-9]{6}");
    String withoutEnd = made.arn().substring(0, made.arn().length() - 7);
    for (String reference : List.of("web/key", made.arn(), withoutEnd)) {
      var value = client.getSecretValue(it -> it.secretId(reference));
      assertThat(value.secretString()).isEqualTo("blue moon");
      assertThat(value.versionId()).isEqualTo(made.versionId());
      assertThat(value.versionStages()).containsExactly("AWSCURRENT");
    }
    assertThatThrownBy(() -> client.getSecretValue(it -> it.secretId("web")))
        .isInstanceOf(ResourceNotFoundException.class)
        .hasMessageContaining("Secrets Manager can't find the specified secret.");
  }

  @Test
  void whatIsKeptDoesNotShowTheValue() {
    var _ = client.createSecret(it -> it.name("key").secretString("blue moon"));

    assertThat(ledger.state().all(Kind.SECRET).toString())
        .contains("AWSCURRENT")
        .doesNotContain("blue moon");
  }

  @Test
  void bytesComeBackAsBytes() {
    SdkBytes bytes = SdkBytes.fromByteArray(new byte[] {0, -1, 7});
    var _ = client.createSecret(it -> it.name("key").secretBinary(bytes));

    var value = client.getSecretValue(it -> it.secretId("key"));

    assertThat(value.secretBinary()).isEqualTo(bytes);
    assertThat(value.secretString()).isNull();
  }

  @Test
  void aNewValueIsCurrentAndTheOneBeforeIsPrevious() {
    String first = client.createSecret(it -> it.name("key").secretString("one")).versionId();
    String second = client.putSecretValue(it -> it.secretId("key").secretString("two")).versionId();
    String third = client.updateSecret(it -> it.secretId("key").secretString("three")).versionId();

    assertThat(client.getSecretValue(it -> it.secretId("key")).secretString()).isEqualTo("three");
    assertThat(
            client
                .getSecretValue(it -> it.secretId("key").versionStage("AWSPREVIOUS"))
                .secretString())
        .isEqualTo("two");
    assertThat(client.getSecretValue(it -> it.secretId("key").versionId(first)).secretString())
        .isEqualTo("one");
    assertThat(client.describeSecret(it -> it.secretId("key")).versionIdsToStages())
        .isEqualTo(Map.of(second, List.of("AWSPREVIOUS"), third, List.of("AWSCURRENT")));
    assertThat(client.listSecretVersionIds(it -> it.secretId("key")).versions()).hasSize(2);
    assertThat(
            client
                .listSecretVersionIds(it -> it.secretId("key").includeDeprecated(true))
                .versions())
        .hasSize(3);
    assertThatThrownBy(
            () ->
                client.getSecretValue(
                    it -> it.secretId("key").versionId(first).versionStage("AWSCURRENT")))
        .isInstanceOf(InvalidRequestException.class);
    assertThatThrownBy(() -> client.getSecretValue(it -> it.secretId("key").versionStage("nope")))
        .isInstanceOf(ResourceNotFoundException.class)
        .hasMessageContaining("staging label: nope");
  }

  @Test
  void labelsOfOnesOwnAreMoved() {
    String first = client.createSecret(it -> it.name("key").secretString("one")).versionId();
    String second =
        client
            .putSecretValue(it -> it.secretId("key").secretString("two").versionStages("blue"))
            .versionId();

    assertThat(client.getSecretValue(it -> it.secretId("key")).secretString()).isEqualTo("one");
    var _ =
        client.updateSecretVersionStage(
            it ->
                it.secretId("key")
                    .versionStage("AWSCURRENT")
                    .removeFromVersionId(first)
                    .moveToVersionId(second));

    assertThat(client.describeSecret(it -> it.secretId("key")).versionIdsToStages())
        .isEqualTo(Map.of(first, List.of("AWSPREVIOUS"), second, List.of("AWSCURRENT", "blue")));
    assertThatThrownBy(
            () ->
                client.updateSecretVersionStage(
                    it -> it.secretId("key").versionStage("blue").moveToVersionId(first)))
        .isInstanceOf(InvalidParameterException.class)
        .hasMessageContaining("RemoveFromVersionId");
  }

  @Test
  void theSameTokenOnceMoreChangesNothingAndWithAnotherValueIsRefused() {
    String token = "0123456789abcdef0123456789abcdef";
    for (int i = 0; i < 2; i++) {
      var made =
          client.createSecret(it -> it.name("key").secretString("one").clientRequestToken(token));
      assertThat(made.versionId()).isEqualTo(token);
    }
    assertThatThrownBy(
            () ->
                client.putSecretValue(
                    it -> it.secretId("key").secretString("two").clientRequestToken(token)))
        .isInstanceOf(ResourceExistsException.class);
    assertThatThrownBy(() -> client.createSecret(it -> it.name("key").secretString("one")))
        .isInstanceOf(ResourceExistsException.class)
        .hasMessageContaining("the secret key already exists.");
  }

  @Test
  void aDeletedSecretIsRestoredOrGone() {
    var _ = client.createSecret(it -> it.name("key").secretString("one"));
    var deleted = client.deleteSecret(it -> it.secretId("key").recoveryWindowInDays(7L));

    assertThat(deleted.deletionDate()).isAfter(Instant.now().plusSeconds(6 * 86_400));
    assertThat(client.describeSecret(it -> it.secretId("key")).deletedDate()).isNotNull();
    assertThat(client.listSecrets().secretList()).isEmpty();
    assertThat(client.listSecrets(it -> it.includePlannedDeletion(true)).secretList()).hasSize(1);
    assertThatThrownBy(() -> client.getSecretValue(it -> it.secretId("key")))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("marked for deletion");
    assertThatThrownBy(() -> client.createSecret(it -> it.name("key")))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("already scheduled for deletion");

    var _ = client.restoreSecret(it -> it.secretId("key"));
    assertThat(client.getSecretValue(it -> it.secretId("key")).secretString()).isEqualTo("one");

    String arn =
        client.deleteSecret(it -> it.secretId("key").forceDeleteWithoutRecovery(true)).arn();
    assertThatThrownBy(() -> client.describeSecret(it -> it.secretId("key")))
        .isInstanceOf(ResourceNotFoundException.class);
    assertThat(client.createSecret(it -> it.name("key").secretString("two")).arn())
        .isNotEqualTo(arn);
    assertThatThrownBy(
            () ->
                client.deleteSecret(
                    it ->
                        it.secretId("key")
                            .recoveryWindowInDays(7L)
                            .forceDeleteWithoutRecovery(true)))
        .isInstanceOf(InvalidParameterException.class);
  }

  @Test
  void tagsAndDescriptionsAreShownAndFound() {
    var _ =
        client.createSecret(
            it ->
                it.name("web/key")
                    .description("The web's own")
                    .tags(Tag.builder().key("team").value("a").build()));
    var _ = client.createSecret(it -> it.name("db/key"));
    var _ =
        client.tagResource(
            it -> it.secretId("db/key").tags(Tag.builder().key("x").value("y").build()));
    var _ = client.untagResource(it -> it.secretId("db/key").tagKeys("x"));

    assertThat(client.describeSecret(it -> it.secretId("db/key")).tags()).isEmpty();
    assertThat(names(FilterNameStringType.NAME, "web/")).containsExactly("web/key");
    assertThat(names(FilterNameStringType.NAME, "!web/")).containsExactly("db/key");
    assertThat(names(FilterNameStringType.TAG_KEY, "te")).containsExactly("web/key");
    assertThat(names(FilterNameStringType.DESCRIPTION, "WEB")).containsExactly("web/key");
    assertThat(client.getResourcePolicy(it -> it.secretId("db/key")).resourcePolicy()).isNull();
    assertThat(
            client.listSecretsPaginator(it -> it.maxResults(1)).stream()
                .mapToInt(page -> page.secretList().size())
                .toArray())
        .containsExactly(1, 1);
  }

  @Test
  void whatCannotBeIsRefused() {
    assertThatThrownBy(() -> client.createSecret(it -> it.name("a b").secretString("x")))
        .isInstanceOf(InvalidParameterException.class)
        .hasMessageContaining("Invalid name.");
    assertThatThrownBy(() -> client.rotateSecret(it -> it.secretId("key")))
        .isInstanceOf(SecretsManagerException.class)
        .hasMessageContaining("does not offer RotateSecret of secretsmanager");
    assertThatThrownBy(() -> client.putSecretValue(it -> it.secretId("key")))
        .isInstanceOf(InvalidParameterException.class);
  }

  private List<String> names(FilterNameStringType key, String value) {
    var names = new ArrayList<String>();
    client
        .listSecrets(it -> it.filters(Filter.builder().key(key).values(value).build()))
        .secretList()
        .stream()
        .map(SecretListEntry::name)
        .forEach(names::add);
    return names;
  }
}
