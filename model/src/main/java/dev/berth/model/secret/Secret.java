package dev.berth.model.secret;

import dev.berth.model.identity.Arn;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A secret of Secrets Manager.
 *
 * <p>Invariant: no label is on two versions.
 *
 * @param suffix of its ARN: a secret of the same name that is made later has another
 * @param deletedAt when its deletion was asked for
 * @param deletesAt from when on it is as good as gone
 * @param versions oldest first
 */
public record Secret(
    SecretId id,
    String suffix,
    Optional<String> description,
    Optional<String> kmsKeyId,
    Map<String, String> tags,
    Instant createdAt,
    Instant changedAt,
    Optional<Instant> deletedAt,
    Optional<Instant> deletesAt,
    List<SecretVersion> versions) {
  public Secret {
    tags = Map.copyOf(tags);
    versions = List.copyOf(versions);
  }

  public Arn arn() {
    return id.realm().arn("secretsmanager", "secret:" + id.name() + "-" + suffix);
  }

  public boolean isDeleted() {
    return deletedAt.isPresent();
  }

  /** Whether the time in which it could be restored is over. */
  public boolean isGoneAt(Instant now) {
    return deletesAt.filter(end -> !now.isBefore(end)).isPresent();
  }

  public Optional<SecretVersion> version(String versionId) {
    return versions.stream().filter(version -> version.id().equals(versionId)).findFirst();
  }

  public Optional<SecretVersion> labelled(String stage) {
    return versions.stream().filter(version -> version.stages().contains(stage)).findFirst();
  }

  public Secret withVersions(List<SecretVersion> changed, Instant now) {
    return new Secret(
        id, suffix, description, kmsKeyId, tags, createdAt, now, deletedAt, deletesAt, changed);
  }

  /** The same, otherwise described; what is not given stays. */
  public Secret described(Optional<String> text, Optional<String> key, Instant now) {
    return new Secret(
        id,
        suffix,
        text.or(() -> description),
        key.or(() -> kmsKeyId),
        tags,
        createdAt,
        now,
        deletedAt,
        deletesAt,
        versions);
  }

  public Secret withTags(Map<String, String> changed) {
    return new Secret(
        id,
        suffix,
        description,
        kmsKeyId,
        changed,
        createdAt,
        changedAt,
        deletedAt,
        deletesAt,
        versions);
  }

  /** Deleted at one time and gone at another; with neither it is restored. */
  public Secret deleted(Optional<Instant> at, Optional<Instant> gone) {
    return new Secret(
        id, suffix, description, kmsKeyId, tags, createdAt, changedAt, at, gone, versions);
  }
}
