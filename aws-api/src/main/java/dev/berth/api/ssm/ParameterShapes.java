package dev.berth.api.ssm;

import dev.berth.control.secret.Parameters;
import dev.berth.control.secret.Parameters.Found;
import dev.berth.model.secret.ParameterVersion;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.ssm.model.Parameter;
import software.amazon.awssdk.services.ssm.model.ParameterHistory;
import software.amazon.awssdk.services.ssm.model.ParameterMetadata;
import software.amazon.awssdk.services.ssm.model.Tag;

/** Parameters as Systems Manager writes them. */
final class ParameterShapes {
  private final Parameters parameters;

  ParameterShapes(Parameters parameters) {
    this.parameters = parameters;
  }

  Parameter of(Found found, boolean decrypted) {
    ParameterVersion version = found.version();
    return Parameter.builder()
        .name(found.parameter().id().name())
        .type(found.parameter().type().wireName())
        .value(parameters.shown(found.parameter(), version, decrypted))
        .version((long) version.number())
        .selector(found.selector().isEmpty() ? null : found.selector())
        .lastModifiedDate(version.at())
        .arn(found.parameter().id().arn().toString())
        .dataType(version.dataType())
        .build();
  }

  ParameterHistory history(
      dev.berth.model.secret.Parameter parameter, ParameterVersion version, boolean decrypted) {
    return ParameterHistory.builder()
        .name(parameter.id().name())
        .type(parameter.type().wireName())
        .keyId(version.keyId().orElse(null))
        .lastModifiedDate(version.at())
        .lastModifiedUser(version.by())
        .description(version.description().orElse(null))
        .value(parameters.shown(parameter, version, decrypted))
        .allowedPattern(version.allowedPattern().orElse(null))
        .version((long) version.number())
        .labels(List.of())
        .tier(version.tier())
        .policies(List.of())
        .dataType(version.dataType())
        .build();
  }

  static ParameterMetadata metadata(dev.berth.model.secret.Parameter parameter) {
    ParameterVersion version = parameter.newest();
    return ParameterMetadata.builder()
        .name(parameter.id().name())
        .arn(parameter.id().arn().toString())
        .type(parameter.type().wireName())
        .keyId(version.keyId().orElse(null))
        .lastModifiedDate(version.at())
        .lastModifiedUser(version.by())
        .description(version.description().orElse(null))
        .allowedPattern(version.allowedPattern().orElse(null))
        .version((long) version.number())
        .tier(version.tier())
        .policies(List.of())
        .dataType(version.dataType())
        .build();
  }

  static List<Tag> tags(Map<String, String> tags) {
    return tags.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(tag -> Tag.builder().key(tag.getKey()).value(tag.getValue()).build())
        .toList();
  }
}
