package dev.berth.api.secretsmanager;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.berth.control.secret.SecretValue;
import dev.berth.model.secret.Secret;
import dev.berth.model.secret.SecretVersion;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.secretsmanager.model.DescribeSecretResponse;
import software.amazon.awssdk.services.secretsmanager.model.SecretListEntry;
import software.amazon.awssdk.services.secretsmanager.model.SecretVersionsListEntry;
import software.amazon.awssdk.services.secretsmanager.model.Tag;

/** Secrets as Secrets Manager writes them; none of these shapes holds a value. */
final class SecretShapes {
  private SecretShapes() {}

  static DescribeSecretResponse description(Secret secret) {
    return DescribeSecretResponse.builder()
        .arn(secret.arn().toString())
        .name(secret.id().name())
        .description(secret.description().orElse(null))
        .kmsKeyId(secret.kmsKeyId().orElse(null))
        .createdDate(secret.createdAt())
        .lastChangedDate(secret.changedAt())
        .deletedDate(secret.deletedAt().orElse(null))
        .tags(tags(secret.tags()))
        .versionIdsToStages(stages(secret))
        .build();
  }

  static SecretListEntry entry(Secret secret) {
    return SecretListEntry.builder()
        .arn(secret.arn().toString())
        .name(secret.id().name())
        .description(secret.description().orElse(null))
        .kmsKeyId(secret.kmsKeyId().orElse(null))
        .createdDate(secret.createdAt())
        .lastChangedDate(secret.changedAt())
        .deletedDate(secret.deletedAt().orElse(null))
        .tags(tags(secret.tags()))
        .secretVersionsToStages(stages(secret))
        .build();
  }

  static SecretVersionsListEntry entry(SecretVersion version) {
    return SecretVersionsListEntry.builder()
        .versionId(version.id())
        .versionStages(version.stages().isEmpty() ? null : version.stages())
        .createdDate(version.createdAt())
        .build();
  }

  /** Versions without a label are deprecated, and not shown. */
  private static Map<String, List<String>> stages(Secret secret) {
    var stages = new LinkedHashMap<String, List<String>>();
    secret.versions().stream()
        .filter(version -> !version.stages().isEmpty())
        .forEach(version -> stages.put(version.id(), version.stages()));
    return stages;
  }

  static List<Tag> tags(Map<String, String> tags) {
    return tags.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(tag -> Tag.builder().key(tag.getKey()).value(tag.getValue()).build())
        .toList();
  }

  /** The value that a request gives, as text or as bytes, if it gives one. */
  static Optional<SecretValue> value(@Nullable String text, @Nullable SdkBytes bytes) {
    if (text != null && bytes != null) {
      throw SecretErrors.invalid("You can't specify both a binary secret and a string secret.");
    }
    return text != null
        ? Optional.of(new SecretValue(text.getBytes(UTF_8), false))
        : Optional.ofNullable(bytes).map(it -> new SecretValue(it.asByteArray(), true));
  }
}
