package dev.berth.control.secret;

import dev.berth.model.identity.Arn;
import dev.berth.model.identity.Realm;
import dev.berth.model.identity.Region;
import java.util.List;
import java.util.Optional;

/** What a container's secret refers to: ECS's {@code valueFrom}. */
sealed interface SecretReference {
  /**
   * A secret, or one member of the JSON object that it is.
   *
   * @param arn without what follows the name
   */
  record OfSecret(
      Realm realm,
      String arn,
      Optional<String> jsonKey,
      Optional<String> stage,
      Optional<String> versionId)
      implements SecretReference {}

  /** A parameter by its name or ARN. */
  record OfParameter(Realm realm, String reference) implements SecretReference {}

  /** An ARN of something else, or of another account. */
  record OfNothing(String text) implements SecretReference {}

  /** Reads a reference as a task of that realm means it; an ARN may name another region. */
  static SecretReference parse(Realm realm, String text) {
    Optional<Arn> arn = Arn.parse(text);
    if (arn.isEmpty()) {
      return new OfParameter(realm, text);
    }
    if (!arn.get().account().equals(realm.account().value())
        || !Region.isName(arn.get().region())) {
      return new OfNothing(text);
    }
    var home = new Realm(realm.account(), new Region(arn.get().region()));
    return switch (arn.get().service()) {
      case "ssm" -> new OfParameter(home, text);
      case "secretsmanager" -> ofSecret(home, arn.get());
      default -> new OfNothing(text);
    };
  }

  /** {@code secret:name:json-key:version-stage:version-id}, where the last three may be empty. */
  private static SecretReference ofSecret(Realm home, Arn arn) {
    List<String> parts = List.of(arn.resource().split(":", -1));
    if (parts.size() < 2 || parts.size() > 5 || !parts.getFirst().equals("secret")) {
      return new OfNothing(arn.toString());
    }
    return new OfSecret(
        home,
        home.arn("secretsmanager", "secret:" + parts.get(1)).toString(),
        part(parts, 2),
        part(parts, 3),
        part(parts, 4));
  }

  private static Optional<String> part(List<String> parts, int index) {
    return index < parts.size()
        ? Optional.of(parts.get(index)).filter(part -> !part.isEmpty())
        : Optional.empty();
  }
}
