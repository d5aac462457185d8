package dev.berth.api.ec2;

import dev.berth.control.command.vpc.NetworkError;
import dev.berth.control.command.vpc.NetworkRefused;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import software.amazon.awssdk.services.ec2.model.Tag;
import software.amazon.awssdk.services.ec2.model.TagSpecification;

/** Tags as EC2 writes them. */
final class Ec2Tags {
  private Ec2Tags() {}

  /**
   * The tags that a request gives to what it creates.
   *
   * @param type of the created resource, such as {@code vpc}
   */
  static Map<String, String> of(List<TagSpecification> specifications, String type)
      throws NetworkRefused {
    var tags = new HashMap<String, String>();
    for (TagSpecification specification : specifications) {
      if (!type.equals(specification.resourceTypeAsString())) {
        throw new NetworkRefused(
            NetworkError.INVALID_PARAMETER_VALUE,
            "'%s' is not a valid taggable resource type for this operation."
                .formatted(specification.resourceTypeAsString()));
      }
      tags.putAll(byKey(specification.tags()));
    }
    return tags;
  }

  static Map<String, String> byKey(List<Tag> tags) {
    var byKey = new HashMap<String, String>();
    tags.forEach(
        tag ->
            byKey.put(
                Objects.requireNonNullElse(tag.key(), ""),
                Objects.requireNonNullElse(tag.value(), "")));
    return byKey;
  }

  /** By key, so that the same tags always look the same. */
  static List<Tag> of(Map<String, String> tags) {
    return tags.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(tag -> Tag.builder().key(tag.getKey()).value(tag.getValue()).build())
        .toList();
  }
}
