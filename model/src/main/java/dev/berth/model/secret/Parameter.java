package dev.berth.model.secret;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A parameter of Systems Manager's Parameter Store.
 *
 * @param versions at least one, oldest first
 */
public record Parameter(
    ParameterId id, ParameterType type, Map<String, String> tags, List<ParameterVersion> versions) {
  /** Of one parameter; the oldest goes when another comes. */
  public static final int VERSION_COUNT_MAX = 100;

  public Parameter {
    tags = Map.copyOf(tags);
    versions = List.copyOf(versions);
    if (versions.isEmpty()) {
      throw new IllegalArgumentException("parameter " + id + " has no value");
    }
  }

  public ParameterVersion newest() {
    return versions.getLast();
  }

  public Optional<ParameterVersion> version(int number) {
    return versions.stream().filter(version -> version.number() == number).findFirst();
  }

  /** The same with one more value. */
  public Parameter with(ParameterVersion next) {
    var all = new ArrayList<>(versions);
    all.add(next);
    int surplus = Math.max(0, all.size() - VERSION_COUNT_MAX);
    return new Parameter(id, type, tags, all.subList(surplus, all.size()));
  }

  public Parameter withTags(Map<String, String> changed) {
    return new Parameter(id, type, changed, versions);
  }
}
