package dev.berth.control.declaration;

import static dev.berth.control.declaration.DeclaredTree.has;
import static dev.berth.control.declaration.DeclaredTree.texts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.model.Declared;
import java.util.ArrayList;
import java.util.List;

/** Where a task definition could run, as AWS works it out; Berth runs Fargate's alone. */
public final class Compatibilities {
  public static final String FARGATE = "FARGATE";
  private static final String EC2 = "EC2";
  private static final String EXTERNAL = "EXTERNAL";

  private Compatibilities() {}

  /** The launch types of a registered declaration: ECS's {@code compatibilities}. */
  public static List<String> of(Declared declaration) {
    ObjectNode task = DeclaredTree.of(declaration);
    var launchTypes = new ArrayList<String>();
    if (!usesAwsvpc(task) && !texts(task, "requiresCompatibilities").contains(FARGATE)) {
      launchTypes.add(EXTERNAL);
    }
    launchTypes.add(EC2);
    if (FargateRules.violations(task).isEmpty()) {
      launchTypes.add(FARGATE);
    }
    return List.copyOf(launchTypes);
  }

  /** Whether tasks of it may be started with the launch type FARGATE. */
  public static boolean allowFargate(Declared declaration) {
    return of(declaration).contains(FARGATE);
  }

  static boolean requiresFargate(JsonNode task) {
    return texts(task, "requiresCompatibilities").contains(FARGATE);
  }

  /** Whoever requires Fargate and names no mode means the only one that Fargate has. */
  static boolean usesAwsvpc(JsonNode task) {
    return has(task, "networkMode")
        ? task.path("networkMode").asText().equals("awsvpc")
        : requiresFargate(task);
  }
}
