package dev.berth.control.declaration;

import static dev.berth.control.declaration.DeclaredTree.has;
import static dev.berth.control.declaration.DeclaredTree.objects;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.model.Declared;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** What a host must be able to do for a task definition: ECS's {@code requiresAttributes}. */
public final class RequiredAttributes {
  private static final String DOCKER = "com.amazonaws.ecs.capability.";
  private static final String AGENT = "ecs.capability.";

  private RequiredAttributes() {}

  /** The names, in alphabetical order. */
  public static List<String> of(Declared declaration) {
    ObjectNode task = DeclaredTree.of(declaration);
    var names = new TreeSet<String>();
    names.add(DOCKER + "docker-remote-api.1.18");
    if (Compatibilities.usesAwsvpc(task)) {
      names.add(AGENT + "task-eni");
    }
    if (has(task, "taskRoleArn")) {
      names.add(DOCKER + "task-iam-role");
    }
    if (has(task, "ephemeralStorage")) {
      names.add(AGENT + "ephemeral-storage");
    }
    if (has(task, "pidMode") || has(task, "ipcMode")) {
      names.add(AGENT + "pid-ipc-namespace-sharing");
    }
    boolean executionRole = has(task, "executionRoleArn");
    objects(task, "containerDefinitions")
        .forEach(container -> names.addAll(ofContainer(container, executionRole)));
    return List.copyOf(names);
  }

  private static List<String> ofContainer(ObjectNode container, boolean executionRole) {
    var names = new ArrayList<String>();
    String driver = container.path("logConfiguration").path("logDriver").asText();
    if (!driver.isEmpty()) {
      names.add(DOCKER + "docker-remote-api.1.19");
      names.add(DOCKER + "logging-driver." + driver);
      if (executionRole && driver.equals("awslogs")) {
        names.add(AGENT + "execution-role-awslogs");
      }
    }
    if (container.path("image").asText().contains(".dkr.ecr.")) {
      names.add(DOCKER + "ecr-auth");
      if (executionRole) {
        names.add(AGENT + "execution-role-ecr-pull");
      }
    }
    if (has(container, "healthCheck")) {
      names.add(AGENT + "container-health-check");
    }
    if (has(container, "dependsOn")) {
      names.add(AGENT + "container-ordering");
    }
    if (has(container, "memoryReservation")) {
      names.add(DOCKER + "docker-remote-api.1.21");
    }
    for (ObjectNode secret : objects(container, "secrets")) {
      boolean manager = secret.path("valueFrom").asText().contains(":secretsmanager:");
      names.add(AGENT + "secrets." + (manager ? "asm" : "ssm") + ".environment-variables");
    }
    return names;
  }
}
