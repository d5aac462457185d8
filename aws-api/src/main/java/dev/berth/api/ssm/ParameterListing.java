package dev.berth.api.ssm;

import dev.berth.model.secret.Parameter;
import dev.berth.model.secret.ParameterVersion;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.ssm.model.InvalidFilterKeyException;
import software.amazon.awssdk.services.ssm.model.InvalidFilterOptionException;
import software.amazon.awssdk.services.ssm.model.ParameterStringFilter;
import software.amazon.awssdk.services.ssm.model.ParametersFilter;

/** Which parameters a listing's filters mean: all filters must suit, of each one value. */
final class ParameterListing {
  private static final String TAG = "tag:";

  private ParameterListing() {}

  static boolean suits(Parameter parameter, List<ParameterStringFilter> filters) {
    return filters.stream().allMatch(filter -> suits(parameter, filter));
  }

  private static boolean suits(Parameter parameter, ParameterStringFilter filter) {
    String option = Optional.ofNullable(filter.option()).orElse("");
    if (filter.key().equals("Path")) {
      boolean recursive = option.equals("Recursive");
      return filter.values().stream().anyMatch(path -> isBelow(parameter, path, recursive));
    }
    String has = member(parameter, filter.key());
    boolean tagKeyAlone = filter.key().startsWith(TAG) && filter.values().isEmpty();
    return tagKeyAlone
        ? !has.isEmpty()
        : filter.values().stream().anyMatch(value -> compare(has, option, value));
  }

  /** The older form of filters, whose values are beginnings of names, and whole types and keys. */
  static boolean suitsOlder(Parameter parameter, List<ParametersFilter> filters) {
    return filters.stream()
        .allMatch(
            filter -> {
              String key = filter.keyAsString();
              String option = key.equals("Name") ? "BeginsWith" : "Equals";
              return filter.values().stream()
                  .anyMatch(value -> compare(member(parameter, key), option, value));
            });
  }

  private static String member(Parameter parameter, String key) {
    ParameterVersion newest = parameter.newest();
    if (key.startsWith(TAG)) {
      return parameter.tags().getOrDefault(key.substring(TAG.length()), "");
    }
    return switch (key) {
      case "Name" -> parameter.id().name();
      case "Type" -> parameter.type().wireName();
      case "KeyId" -> newest.keyId().orElse("");
      case "Tier" -> newest.tier();
      case "DataType" -> newest.dataType();
      default ->
          throw InvalidFilterKeyException.builder()
              .message("The following filter key is not valid: " + key + ".")
              .build();
    };
  }

  private static boolean compare(String has, String option, String value) {
    return switch (option) {
      case "", "Equals" -> has.equals(value);
      case "BeginsWith" -> has.startsWith(value);
      case "Contains" -> has.contains(value);
      default ->
          throw InvalidFilterOptionException.builder()
              .message("The following filter option is not valid: " + option + ".")
              .build();
    };
  }

  /** Whether a parameter is in a folder, or somewhere below it. */
  static boolean isBelow(Parameter parameter, String path, boolean recursive) {
    String folder = path.endsWith("/") ? path : path + "/";
    String name = parameter.id().name();
    if (path.equals("/")) {
      // Words without a slash are at the root too.
      return recursive || name.lastIndexOf('/') <= 0;
    }
    return name.startsWith(folder) && (recursive || name.indexOf('/', folder.length()) < 0);
  }
}
