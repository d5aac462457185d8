package dev.berth.api.ecs;

import dev.berth.control.command.Refused;
import dev.berth.control.command.Tags;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.ecs.model.Tag;

/** Tags as ECS writes them. */
final class EcsTags {
  private EcsTags() {}

  static Map<String, String> byKey(List<Tag> tags) throws Refused {
    return Tags.byKey(
        tags.stream()
            .map(
                tag ->
                    new Tags.Tag(
                        Optional.ofNullable(tag.key()).orElse(""),
                        Optional.ofNullable(tag.value()).orElse("")))
            .toList());
  }

  /** By key, so that the same tags always look the same. */
  static List<Tag> of(Map<String, String> tags) {
    return tags.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(tag -> Tag.builder().key(tag.getKey()).value(tag.getValue()).build())
        .toList();
  }
}
