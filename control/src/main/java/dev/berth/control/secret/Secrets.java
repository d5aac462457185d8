package dev.berth.control.secret;

import dev.berth.control.state.Kind;
import dev.berth.control.state.State;
import dev.berth.model.identity.Arn;
import dev.berth.model.identity.Realm;
import dev.berth.model.secret.Secret;
import dev.berth.model.secret.SecretId;
import dev.berth.model.secret.SecretVersion;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Looks secrets up, and opens them. */
public final class Secrets {
  private static final String ARN_RESOURCE = "secret:";
  private static final int SUFFIX_LENGTH = 6;

  private final Vault vault;

  public Secrets(Vault vault) {
    this.vault = vault;
  }

  /**
   * The secret of a name, an ARN, or an ARN without its last six letters. One whose time to be
   * restored is over is not there.
   */
  public static Secret find(State state, Realm realm, String reference, Instant now)
      throws SecretRefused {
    return named(state, realm, reference)
        .filter(secret -> !secret.isGoneAt(now))
        .orElseThrow(SecretRefused::notFound);
  }

  /** The same, and not marked for deletion. */
  static Secret forUse(State state, Realm realm, String reference, Instant now)
      throws SecretRefused {
    Secret secret = find(state, realm, reference, now);
    if (secret.isDeleted()) {
      throw new SecretRefused(
          SecretRefused.Why.INVALID_REQUEST,
          "You can't perform this operation on the secret because it was marked for deletion.");
    }
    return secret;
  }

  private static Optional<Secret> named(State state, Realm realm, String reference) {
    Optional<Arn> arn = Arn.parse(reference);
    if (arn.isEmpty()) {
      return state.find(Kind.SECRET, new SecretId(realm, reference));
    }
    if (!arn.get().isIn(realm)
        || !arn.get().service().equals("secretsmanager")
        || !arn.get().resource().startsWith(ARN_RESOURCE)) {
      return Optional.empty();
    }
    String name = arn.get().resource().substring(ARN_RESOURCE.length());
    int cut = name.length() - SUFFIX_LENGTH - 1;
    Optional<Secret> whole =
        cut > 0 && name.charAt(cut) == '-'
            ? state
                .find(Kind.SECRET, new SecretId(realm, name.substring(0, cut)))
                .filter(secret -> secret.suffix().equals(name.substring(cut + 1)))
            : Optional.empty();
    return whole.or(() -> state.find(Kind.SECRET, new SecretId(realm, name)));
  }

  /** A version of a secret, opened. */
  public record Opened(Secret secret, SecretVersion version, SecretValue value) {}

  /**
   * Opens a version.
   *
   * @param versionId and {@code stage} must mean the same version if both are there; the current
   *     one if neither is
   */
  public Opened open(
      State state,
      Realm realm,
      String reference,
      Optional<String> versionId,
      Optional<String> stage,
      Instant now)
      throws SecretRefused {
    Secret secret = forUse(state, realm, reference, now);
    SecretVersion version = version(secret, versionId, stage);
    return new Opened(secret, version, open(secret.id(), version));
  }

  private static SecretVersion version(
      Secret secret, Optional<String> versionId, Optional<String> stage) throws SecretRefused {
    if (versionId.isEmpty()) {
      String label = stage.orElse(SecretVersion.CURRENT);
      return secret.labelled(label).orElseThrow(() -> noValue("staging label: " + label));
    }
    SecretVersion version =
        secret.version(versionId.get()).orElseThrow(() -> noValue("VersionId: " + versionId.get()));
    if (stage.isPresent() && !version.stages().contains(stage.get())) {
      throw new SecretRefused(
          SecretRefused.Why.INVALID_REQUEST,
          "You provided a VersionStage that is not associated to the provided VersionId.");
    }
    return version;
  }

  private static SecretRefused noValue(String of) {
    return new SecretRefused(
        SecretRefused.Why.NOT_FOUND,
        "Secrets Manager can't find the specified secret value for " + of);
  }

  SecretValue open(SecretId id, SecretVersion version) {
    return new SecretValue(vault.open(version.value(), about(id, version.id())), version.binary());
  }

  SecretVersion seal(SecretId id, String versionId, SecretValue value, Instant now) {
    return new SecretVersion(
        versionId, vault.seal(value.bytes(), about(id, versionId)), value.binary(), List.of(), now);
  }

  private static String about(SecretId id, String versionId) {
    return "secret " + id + " version " + versionId;
  }
}
