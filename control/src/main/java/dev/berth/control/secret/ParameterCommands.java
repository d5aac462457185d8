package dev.berth.control.secret;

import dev.berth.control.command.Refused;
import dev.berth.control.command.Tags;
import dev.berth.control.secret.ParameterRefused.Why;
import dev.berth.control.state.Draft;
import dev.berth.control.state.Kind;
import dev.berth.control.state.Ledger;
import dev.berth.model.identity.Realm;
import dev.berth.model.secret.Parameter;
import dev.berth.model.secret.ParameterId;
import dev.berth.model.secret.ParameterType;
import dev.berth.model.secret.ParameterVersion;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Parameters: written and deleted, as Systems Manager does it. */
public final class ParameterCommands {
  private static final int LEVEL_COUNT_MAX = 15;
  private static final int NAME_LENGTH_MAX = 900;
  private static final String STANDARD = "Standard";
  private static final String ADVANCED = "Advanced";
  private static final int STANDARD_LENGTH_MAX = 4096;
  private static final int ADVANCED_LENGTH_MAX = 8192;
  private static final Pattern NAME = Pattern.compile("/?[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)*");

  private final Ledger ledger;
  private final Parameters parameters;

  public ParameterCommands(Ledger ledger, Parameters parameters) {
    this.ledger = ledger;
    this.parameters = parameters;
  }

  /**
   * A value to write.
   *
   * @param type the known parameter's when it is left out
   * @param tier {@code Standard}, {@code Advanced} or {@code Intelligent-Tiering}
   * @param by the ARN of who writes
   */
  public record Wish(
      String name,
      String value,
      Optional<ParameterType> type,
      boolean overwrite,
      Optional<String> description,
      Optional<String> keyId,
      Optional<String> allowedPattern,
      String dataType,
      Optional<String> tier,
      Map<String, String> tags,
      String by) {}

  /** Writes a parameter's first or next value. */
  public Parameter put(Realm realm, Wish wish, Instant now) throws ParameterRefused {
    checkName(wish.name());
    checkPattern(wish);
    if (wish.value().isEmpty()) {
      throw invalid("A parameter's value must have at least one character.");
    }
    if (wish.overwrite() && !wish.tags().isEmpty()) {
      throw invalid(
          "Invalid request: tags and overwrite can't be used together. To create a parameter with"
              + " tags, please remove overwrite flag. To update tags for an existing parameter,"
              + " please use AddTagsToResource or RemoveTagsFromResource.");
    }
    var id = new ParameterId(realm, wish.name());
    return ledger.decide(
        draft -> {
          Optional<Parameter> known = draft.find(Kind.PARAMETER, id);
          if (known.isPresent() && !wish.overwrite()) {
            throw new ParameterRefused(
                Why.EXISTS,
                "The parameter already exists. To overwrite this value, set the overwrite option"
                    + " in the request to true.");
          }
          ParameterType type = type(known, wish);
          int number = known.map(it -> it.newest().number()).orElse(0) + 1;
          var version = version(id, number, wish, known.map(Parameter::newest), now);
          Parameter written =
              known.isPresent()
                  ? known.get().with(version)
                  : new Parameter(id, type, wish.tags(), List.of(version));
          draft.put(Kind.PARAMETER, written);
          return written;
        });
  }

  private static ParameterType type(Optional<Parameter> known, Wish wish) throws ParameterRefused {
    if (known.isEmpty()) {
      return wish.type()
          .orElseThrow(() -> invalid("A parameter type is required when you create a parameter."));
    }
    ParameterType type = known.get().type();
    if (wish.type().isPresent() && wish.type().get() != type) {
      throw new ParameterRefused(
          Why.TYPE_MISMATCH,
          "Parameter Store does not support changing a parameter's type: "
              + wish.name()
              + " is a "
              + type.wireName()
              + ".");
    }
    return type;
  }

  private ParameterVersion version(
      ParameterId id, int number, Wish wish, Optional<ParameterVersion> before, Instant now)
      throws ParameterRefused {
    return new ParameterVersion(
        number,
        parameters.seal(id, number, wish.value()),
        wish.description().or(() -> before.flatMap(ParameterVersion::description)),
        wish.keyId().or(() -> before.flatMap(ParameterVersion::keyId)),
        wish.allowedPattern(),
        wish.dataType(),
        tier(wish, before.map(ParameterVersion::tier)),
        wish.by(),
        now);
  }

  /** Never back to the smaller one, which AWS refuses too. */
  private static String tier(Wish wish, Optional<String> before) throws ParameterRefused {
    boolean large = wish.value().length() > STANDARD_LENGTH_MAX;
    String wanted = wish.tier().orElse(STANDARD);
    String tier =
        switch (wanted) {
          case ADVANCED -> ADVANCED;
          case STANDARD -> before.orElse(STANDARD);
          default -> large ? ADVANCED : before.orElse(STANDARD);
        };
    if (large && tier.equals(STANDARD)) {
      throw invalid(
          "Standard tier parameters support a maximum parameter value of 4096 characters. To create"
              + " a larger parameter value, upgrade the parameter to use the advanced-parameter"
              + " tier.");
    }
    if (wish.value().length() > ADVANCED_LENGTH_MAX) {
      throw invalid(
          "Advanced tier parameters support a maximum parameter value of 8192 characters.");
    }
    return tier;
  }

  private static void checkName(String name) throws ParameterRefused {
    String first = (name.startsWith("/") ? name.substring(1) : name).toLowerCase(Locale.ROOT);
    boolean reserved = first.startsWith("aws") || first.startsWith("ssm");
    if (reserved || !NAME.matcher(name).matches() || name.length() > NAME_LENGTH_MAX) {
      throw invalid(
          reserved
              ? "Parameter name: can't be prefixed with \"aws\" or \"ssm\" (case-insensitive)."
              : "Parameter name: can consist of sub-paths divided by slash symbol; each sub-path can"
                  + " be formed as a mix of letters, numbers and the following 3 symbols .-_");
    }
    if (name.contains("/") && !name.startsWith("/")) {
      throw invalid("Parameter name must be a fully qualified name: it must begin with a slash.");
    }
    if (name.chars().filter(letter -> letter == '/').count() > LEVEL_COUNT_MAX) {
      throw new ParameterRefused(
          Why.HIERARCHY_TOO_DEEP, "A parameter's hierarchy can have at most 15 levels.");
    }
  }

  private static void checkPattern(Wish wish) throws ParameterRefused {
    if (wish.allowedPattern().isEmpty()) {
      return;
    }
    String pattern = wish.allowedPattern().get();
    try {
      if (!Pattern.compile(pattern).matcher(wish.value()).matches()) {
        throw new ParameterRefused(
            Why.PATTERN_MISMATCH,
            "Parameter value, cannot be validated against allowedPattern: " + pattern);
      }
    } catch (PatternSyntaxException e) {
      throw new ParameterRefused(
          Why.INVALID_PATTERN, "The allowed pattern is no regular expression: " + pattern);
    }
  }

  /** Which of these names were deleted; the others are not there. */
  public List<String> delete(Realm realm, List<String> names) {
    return ledger.decide(
        draft -> {
          var deleted = new ArrayList<String>();
          for (String name : names) {
            var id = new ParameterId(realm, name);
            if (draft.find(Kind.PARAMETER, id).isPresent()) {
              draft.remove(Kind.PARAMETER, id);
              deleted.add(name);
            }
          }
          return List.copyOf(deleted);
        });
  }

  /** Adds tags, which are stronger than those that are there. */
  public void tag(Realm realm, String name, Map<String, String> tags) throws ParameterRefused {
    var _ =
        ledger.decide(
            draft -> {
              Parameter known = find(draft, realm, name);
              var all = new HashMap<>(known.tags());
              all.putAll(tags);
              return put(draft, known.withTags(checked(all)));
            });
  }

  public void untag(Realm realm, String name, List<String> keys) throws ParameterRefused {
    var _ =
        ledger.decide(
            draft -> {
              Parameter known = find(draft, realm, name);
              var rest = new HashMap<>(known.tags());
              keys.forEach(rest::remove);
              return put(draft, known.withTags(rest));
            });
  }

  private static Parameter find(Draft draft, Realm realm, String name) throws ParameterRefused {
    return Parameters.find(draft.state(), realm, name).parameter();
  }

  private static Parameter put(Draft draft, Parameter parameter) {
    draft.put(Kind.PARAMETER, parameter);
    return parameter;
  }

  private static Map<String, String> checked(Map<String, String> tags) throws ParameterRefused {
    try {
      return Tags.byKey(
          tags.entrySet().stream().map(it -> new Tags.Tag(it.getKey(), it.getValue())).toList());
    } catch (Refused refused) {
      throw new ParameterRefused(
          tags.size() > Tags.COUNT_MAX ? Why.TOO_MANY_TAGS : Why.INVALID,
          refused.refusal().message());
    }
  }

  private static ParameterRefused invalid(String message) {
    return new ParameterRefused(Why.INVALID, message);
  }
}
