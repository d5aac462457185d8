package dev.berth.control.secret;

import dev.berth.control.command.Refused;
import dev.berth.control.command.Tags;
import dev.berth.control.secret.SecretRefused.Why;
import dev.berth.control.state.Draft;
import dev.berth.control.state.Kind;
import dev.berth.control.state.Ledger;
import dev.berth.model.identity.Realm;
import dev.berth.model.secret.Secret;
import dev.berth.model.secret.SecretId;
import dev.berth.model.secret.SecretVersion;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/** Secrets: made, given values and labels, deleted and restored, as Secrets Manager does it. */
public final class SecretCommands {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9/_+=.@!-]{1,512}");
  private static final String SUFFIX_LETTERS =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  private static final int SUFFIX_LENGTH = 6;
  private static final int RECOVERY_DAYS_DEFAULT = 30;
  private static final int RECOVERY_DAYS_MIN = 7;
  private static final int LABEL_COUNT_MAX = 20;

  /** AWS, too, may delete a version that has no label at any time. */
  private static final int UNLABELLED_COUNT_MAX = 10;

  private final Ledger ledger;
  private final Secrets secrets;
  private final RandomGenerator random;

  /**
   * @param random the source of ARNs' suffixes
   */
  public SecretCommands(Ledger ledger, Secrets secrets, RandomGenerator random) {
    this.ledger = ledger;
    this.secrets = secrets;
    this.random = random;
  }

  /** A secret as it is now, and the version that a request gave it. */
  public record Changed(Secret secret, Optional<String> versionId) {}

  /**
   * A wish for a secret, or for a change of one.
   *
   * @param token becomes the version's id; the same with the same value once more changes nothing
   */
  public record Wish(
      String token,
      Optional<String> description,
      Optional<String> kmsKeyId,
      Optional<SecretValue> value) {}

  /** Makes a secret. */
  public Changed create(Realm realm, String name, Wish wish, Map<String, String> tags, Instant now)
      throws SecretRefused {
    if (!NAME.matcher(name).matches()) {
      throw new SecretRefused(
          Why.INVALID_PARAMETER,
          "Invalid name. Must be a valid name containing alphanumeric characters, or any of the"
              + " following: -/_+=.@!");
    }
    checkValue(wish.value());
    return ledger.decide(
        draft -> {
          sweep(draft, now);
          var id = new SecretId(realm, name);
          Optional<Secret> known = draft.find(Kind.SECRET, id);
          if (known.isPresent()) {
            return createdBefore(known.get(), wish);
          }
          var fresh =
              new Secret(
                  id,
                  suffix(),
                  wish.description(),
                  wish.kmsKeyId(),
                  tags,
                  now,
                  now,
                  Optional.empty(),
                  Optional.empty(),
                  List.of());
          Secret made =
              wish.value().isPresent()
                  ? withValue(fresh, wish, List.of(SecretVersion.CURRENT), now)
                  : fresh;
          draft.put(Kind.SECRET, made);
          return new Changed(made, wish.value().map(_ -> wish.token()));
        });
  }

  private Changed createdBefore(Secret known, Wish wish) throws SecretRefused {
    if (known.isDeleted()) {
      throw new SecretRefused(
          Why.INVALID_REQUEST,
          "You can't create this secret because a secret with this name is already scheduled for"
              + " deletion.");
    }
    Optional<SecretVersion> version = known.version(wish.token());
    if (version.isPresent()
        && wish.value().equals(Optional.of(secrets.open(known.id(), version.get())))) {
      return new Changed(known, Optional.of(wish.token()));
    }
    throw new SecretRefused(
        Why.EXISTS,
        "The operation failed because the secret " + known.id().name() + " already exists.");
  }

  /** Gives a secret a value; unless labels are named, it is the current one from now on. */
  public Changed put(
      Realm realm,
      String reference,
      String token,
      SecretValue value,
      List<String> stages,
      Instant now)
      throws SecretRefused {
    checkValue(Optional.of(value));
    return change(
        realm,
        reference,
        now,
        secret ->
            withValue(
                secret,
                new Wish(token, Optional.empty(), Optional.empty(), Optional.of(value)),
                stages.isEmpty() ? List.of(SecretVersion.CURRENT) : stages,
                now),
        Optional.of(token));
  }

  /** Changes what is given: description, key, and value, which is then the current one. */
  public Changed update(Realm realm, String reference, Wish wish, Instant now)
      throws SecretRefused {
    checkValue(wish.value());
    return change(
        realm,
        reference,
        now,
        secret -> {
          Secret described = secret.described(wish.description(), wish.kmsKeyId(), now);
          return wish.value().isPresent()
              ? withValue(described, wish, List.of(SecretVersion.CURRENT), now)
              : described;
        },
        wish.value().map(_ -> wish.token()));
  }

  /**
   * Marks a secret for deletion.
   *
   * @param days in which it can be restored
   * @param force deletes it now
   */
  public Secret delete(Realm realm, String reference, OptionalInt days, boolean force, Instant now)
      throws SecretRefused {
    if (force && days.isPresent()) {
      throw new SecretRefused(
          Why.INVALID_PARAMETER,
          "You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.");
    }
    int window = days.orElse(RECOVERY_DAYS_DEFAULT);
    if (window < RECOVERY_DAYS_MIN || window > RECOVERY_DAYS_DEFAULT) {
      throw new SecretRefused(
          Why.INVALID_PARAMETER,
          "The RecoveryWindowInDays value must be between 7 and 30 days (inclusive).");
    }
    return ledger.decide(
        draft -> {
          sweep(draft, now);
          Secret known = Secrets.find(draft.state(), realm, reference, now);
          if (force) {
            draft.remove(Kind.SECRET, known.id());
            return known.deleted(Optional.of(now), Optional.of(now));
          }
          if (known.isDeleted()) {
            throw new SecretRefused(
                Why.INVALID_REQUEST,
                "You can't perform this operation on the secret because it was already scheduled"
                    + " for deletion.");
          }
          Secret deleted =
              known.deleted(Optional.of(now), Optional.of(now.plus(Duration.ofDays(window))));
          draft.put(Kind.SECRET, deleted);
          return deleted;
        });
  }

  /** Takes a deletion back; of a secret that is not deleted, changes nothing. */
  public Secret restore(Realm realm, String reference, Instant now) throws SecretRefused {
    return ledger.decide(
        draft -> {
          Secret known = Secrets.find(draft.state(), realm, reference, now);
          Secret restored = known.deleted(Optional.empty(), Optional.empty());
          draft.put(Kind.SECRET, restored);
          return restored;
        });
  }

  /** Moves a label from one version to another, or takes it away. */
  public Secret moveStage(
      Realm realm,
      String reference,
      String stage,
      Optional<String> from,
      Optional<String> to,
      Instant now)
      throws SecretRefused {
    return change(realm, reference, now, secret -> moved(secret, stage, from, to, now), from)
        .secret();
  }

  private static Secret moved(
      Secret secret, String stage, Optional<String> from, Optional<String> to, Instant now)
      throws SecretRefused {
    Optional<String> holder = secret.labelled(stage).map(SecretVersion::id);
    for (Optional<String> named : List.of(from, to)) {
      if (named.isPresent() && secret.version(named.get()).isEmpty()) {
        throw new SecretRefused(
            Why.NOT_FOUND,
            "Secrets Manager can't find the specified secret version: " + named.get());
      }
    }
    if (holder.isPresent() && !holder.equals(to) && !from.equals(holder)) {
      throw new SecretRefused(
          Why.INVALID_PARAMETER,
          "The parameter RemoveFromVersionId can't be empty. Staging label "
              + stage
              + " is currently attached to version "
              + holder.get()
              + ", so you must explicitly reference that version in RemoveFromVersionId.");
    }
    if (to.isEmpty() && stage.equals(SecretVersion.CURRENT)) {
      throw new SecretRefused(
          Why.INVALID_PARAMETER,
          "You can only move staging label AWSCURRENT to a different secret version. It can't be"
              + " completely removed.");
    }
    return secret.withVersions(labelled(secret.versions(), stage, to), now);
  }

  /** Adds tags, which are stronger than those that are there. */
  public void tag(Realm realm, String reference, Map<String, String> tags, Instant now)
      throws SecretRefused {
    var _ =
        change(
            realm,
            reference,
            now,
            secret -> {
              var all = new HashMap<>(secret.tags());
              all.putAll(tags);
              return secret.withTags(checked(all));
            },
            Optional.empty());
  }

  public void untag(Realm realm, String reference, List<String> keys, Instant now)
      throws SecretRefused {
    var _ =
        change(
            realm,
            reference,
            now,
            secret -> {
              var rest = new HashMap<>(secret.tags());
              keys.forEach(rest::remove);
              return secret.withTags(rest);
            },
            Optional.empty());
  }

  private static Map<String, String> checked(Map<String, String> tags) throws SecretRefused {
    try {
      return Tags.byKey(
          tags.entrySet().stream().map(it -> new Tags.Tag(it.getKey(), it.getValue())).toList());
    } catch (Refused refused) {
      throw new SecretRefused(Why.INVALID_PARAMETER, refused.refusal().message());
    }
  }

  @FunctionalInterface
  private interface Change {
    Secret of(Secret secret) throws SecretRefused;
  }

  private Changed change(
      Realm realm, String reference, Instant now, Change change, Optional<String> versionId)
      throws SecretRefused {
    return ledger.decide(
        draft -> {
          Secret known = Secrets.forUse(draft.state(), realm, reference, now);
          Secret after = change.of(known);
          if (!after.equals(known)) {
            draft.put(Kind.SECRET, after);
          }
          return new Changed(after, versionId);
        });
  }

  private Secret withValue(Secret secret, Wish wish, List<String> stages, Instant now)
      throws SecretRefused {
    SecretValue value = wish.value().orElseThrow();
    Optional<SecretVersion> known = secret.version(wish.token());
    if (known.isPresent()) {
      if (secrets.open(secret.id(), known.get()).equals(value)) {
        return secret;
      }
      throw new SecretRefused(
          Why.EXISTS,
          "You can't use ClientRequestToken "
              + wish.token()
              + " because that value is already in use for a version of secret "
              + secret.arn()
              + ".");
    }
    if (stages.size() > LABEL_COUNT_MAX) {
      throw new SecretRefused(Why.LIMIT_EXCEEDED, "A version can have at most 20 staging labels.");
    }
    var versions = new ArrayList<>(secret.versions());
    versions.add(secrets.seal(secret.id(), wish.token(), value, now));
    List<SecretVersion> labelled = versions;
    for (String stage : stages) {
      labelled = labelled(labelled, stage, Optional.of(wish.token()));
    }
    return secret.withVersions(withoutOldest(labelled), now);
  }

  /** That version has the label, and no other; what was current before is the previous one then. */
  private static List<SecretVersion> labelled(
      List<SecretVersion> versions, String stage, Optional<String> holder) {
    Optional<String> before =
        versions.stream()
            .filter(version -> version.stages().contains(stage))
            .map(SecretVersion::id)
            .findFirst();
    if (before.equals(holder)) {
      return versions;
    }
    List<SecretVersion> moved =
        versions.stream()
            .map(
                version -> {
                  var stages = new ArrayList<>(version.stages());
                  stages.remove(stage);
                  if (holder.equals(Optional.of(version.id()))) {
                    stages.add(stage);
                  }
                  return version.withStages(stages);
                })
            .toList();
    return stage.equals(SecretVersion.CURRENT) && before.isPresent()
        ? labelled(moved, SecretVersion.PREVIOUS, before)
        : moved;
  }

  private static List<SecretVersion> withoutOldest(List<SecretVersion> versions) {
    long surplus =
        versions.stream().filter(version -> version.stages().isEmpty()).count()
            - UNLABELLED_COUNT_MAX;
    var kept = new ArrayList<SecretVersion>();
    for (SecretVersion version : versions) {
      if (version.stages().isEmpty() && surplus > 0) {
        surplus--;
      } else {
        kept.add(version);
      }
    }
    return kept;
  }

  private static void sweep(Draft draft, Instant now) {
    draft.state().all(Kind.SECRET).stream()
        .filter(secret -> secret.isGoneAt(now))
        .forEach(secret -> draft.remove(Kind.SECRET, secret.id()));
  }

  private static void checkValue(Optional<SecretValue> value) throws SecretRefused {
    if (value.isPresent() && value.get().bytes().length > SecretValue.BYTE_COUNT_MAX) {
      throw new SecretRefused(
          Why.INVALID_PARAMETER, "A secret's value can have at most 65536 bytes.");
    }
  }

  private String suffix() {
    var suffix = new StringBuilder();
    for (int i = 0; i < SUFFIX_LENGTH; i++) {
      suffix.append(SUFFIX_LETTERS.charAt(random.nextInt(SUFFIX_LETTERS.length())));
    }
    return suffix.toString();
  }
}
