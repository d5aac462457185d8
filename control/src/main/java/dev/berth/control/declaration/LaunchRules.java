package dev.berth.control.declaration;

import static dev.berth.control.declaration.DeclaredTree.texts;

import com.fasterxml.jackson.databind.JsonNode;
import dev.berth.model.Declared;
import java.util.Optional;

/** What a start may ask for besides its definition. To RunTask, each is an invalid parameter. */
public final class LaunchRules {
  private static final int SUBNET_COUNT_MAX = 16;
  private static final int SECURITY_GROUP_COUNT_MAX = 5;
  private static final int OVERRIDES_LENGTH_MAX = 8192;

  private LaunchRules() {}

  /**
   * The first thing that is wrong, in AWS's words as far as they are known.
   *
   * @param network of the official NetworkConfiguration shape
   * @param overrides of the official TaskOverride shape
   */
  public static Optional<Violation> first(Declared network, Declared overrides) {
    JsonNode awsvpc = DeclaredTree.of(network).path("awsvpcConfiguration");
    String path = "networkConfiguration.awsvpcConfiguration.";
    int subnets = texts(awsvpc, "subnets").size();
    if (subnets == 0) {
      return Optional.of(new Violation(path + "subnets", "subnets can not be empty."));
    }
    if (subnets > SUBNET_COUNT_MAX) {
      return Optional.of(new Violation(path + "subnets", "subnets can have at most 16 items."));
    }
    if (texts(awsvpc, "securityGroups").size() > SECURITY_GROUP_COUNT_MAX) {
      return Optional.of(
          new Violation(path + "securityGroups", "securityGroups can have at most 5 items."));
    }
    if (overrides.json().length() > OVERRIDES_LENGTH_MAX) {
      return Optional.of(
          new Violation("overrides", "Container Overrides length must be at most 8192"));
    }
    return Optional.empty();
  }
}
