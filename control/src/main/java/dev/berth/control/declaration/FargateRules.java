package dev.berth.control.declaration;

import static dev.berth.control.declaration.DeclaredTree.has;
import static dev.berth.control.declaration.DeclaredTree.objects;
import static dev.berth.control.declaration.DeclaredTree.text;
import static dev.berth.control.declaration.DeclaredTree.texts;
import static dev.berth.control.declaration.Rule.container;
import static dev.berth.control.declaration.Rule.task;
import static dev.berth.control.declaration.Rule.volume;
import static dev.berth.control.declaration.Rule.when;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a task definition may not have on Fargate, in the order in which it is answered.
 *
 * <p>Texts are AWS's as public reports quote them, but for links, dnsSearchDomains, extraHosts,
 * swappiness and operating systems, which are worded after their neighbours.
 */
final class FargateRules {
  private static final Set<String> ARCHITECTURES = Set.of("X86_64", "ARM64");

  private FargateRules() {}

  private static final List<Rule> ALL =
      List.of(
          task(
              "networkMode",
              (task, _) ->
                  when(
                      !Compatibilities.usesAwsvpc(task),
                      "Fargate only supports network mode ‘awsvpc’.")),
          container(
              "privileged",
              (container, _) ->
                  when(
                      container.path("privileged").asBoolean(),
                      "Fargate requires that the 'privileged' setting be 'false'.")),
          unsupportedIn("linuxParameters", "devices"),
          unsupportedIn("linuxParameters", "sharedMemorySize"),
          unsupportedIn("linuxParameters", "maxSwap"),
          unsupportedIn("linuxParameters", "swappiness"),
          task("ipcMode", (task, _) -> unsupported(task, "ipcMode")),
          container(
              "dockerSecurityOptions",
              (container, _) -> unsupported(container, "dockerSecurityOptions")),
          container("links", (container, _) -> unsupported(container, "links")),
          container(
              "disableNetworking",
              (container, _) ->
                  when(
                      container.path("disableNetworking").asBoolean(),
                      "Fargate compatible task definitions do not support disableNetworking.")),
          volume(
              "dockerVolumeConfiguration",
              (volume, _) -> unsupported(volume, "dockerVolumeConfiguration")),
          volume(
              "fsxWindowsFileServerVolumeConfiguration",
              (volume, _) -> unsupported(volume, "fsxWindowsFileServerVolumeConfiguration")),
          volume("host.sourcePath", (volume, _) -> unsupported(volume.path("host"), "sourcePath")),
          task("placementConstraints", (task, _) -> unsupported(task, "placementConstraints")),
          task("inferenceAccelerators", (task, _) -> unsupported(task, "inferenceAccelerators")),
          container("resourceRequirements", (container, _) -> gpu(container)),
          task(
              "pidMode",
              (task, _) ->
                  when(
                      task.path("pidMode").asText().equals("host"),
                      "Tasks using the Fargate launch type do not support pidMode 'host'. The"
                          + " supported value for pidMode is 'task'.")),
          container("linuxParameters.capabilities.add", (container, _) -> capability(container)),
          container("image", FargateRules::imageRole),
          notWithAwsvpc("hostname", "hostname is not supported on container when"),
          notWithAwsvpc("dnsServers", "DNS servers are not supported on container when"),
          notWithAwsvpc(
              "dnsSearchDomains", "DNS search domains are not supported on container when"),
          notWithAwsvpc("extraHosts", "Extra hosts are not supported on container when"),
          task("runtimePlatform.operatingSystemFamily", (task, _) -> system(task)),
          task("runtimePlatform.cpuArchitecture", (task, _) -> architecture(task)));

  static List<Violation> violations(ObjectNode task) {
    var violations = new ArrayList<Violation>(SizeRules.violations(task));
    violations.addAll(Rule.violations(ALL, task));
    violations.addAll(Rule.violations(LogRules.FARGATE, task));
    return violations;
  }

  private static Rule unsupportedIn(String parent, String member) {
    return container(
        parent + "." + member, (container, _) -> unsupported(container.path(parent), member));
  }

  private static Rule notWithAwsvpc(String member, String complaint) {
    return container(
        member, (container, _) -> when(has(container, member), complaint + " networkMode=awsvpc."));
  }

  private static Optional<String> unsupported(JsonNode parent, String member) {
    return when(
        has(parent, member), "Fargate compatible task definitions do not support " + member + ".");
  }

  /** Of a container, or of what overrides one. */
  static Optional<String> gpu(ObjectNode container) {
    return when(
        objects(container, "resourceRequirements").stream()
            .anyMatch(it -> it.path("type").asText().equals("GPU")),
        "Tasks using the Fargate launch type do not support GPU resource requirements.");
  }

  private static Optional<String> capability(ObjectNode container) {
    return texts(container.path("linuxParameters").path("capabilities"), "add").stream()
        .filter(name -> !name.equals("SYS_PTRACE"))
        .findFirst()
        .map(name -> name + " is not allowed on Fargate.");
  }

  private static Optional<String> imageRole(ObjectNode container, ObjectNode task) {
    return when(
        container.path("image").asText().contains(".dkr.ecr.") && !has(task, "executionRoleArn"),
        "Fargate requires task definition to have execution role ARN to support ECR images.");
  }

  private static Optional<String> system(ObjectNode task) {
    return text(task.path("runtimePlatform"), "operatingSystemFamily")
        .filter(system -> !system.equals("LINUX"))
        .map(system -> "The operating system " + system + " is not supported here. Use LINUX.");
  }

  private static Optional<String> architecture(ObjectNode task) {
    return text(task.path("runtimePlatform"), "cpuArchitecture")
        .filter(architecture -> !ARCHITECTURES.contains(architecture))
        .map(architecture -> "The CPU architecture " + architecture + " is not supported here.");
  }
}
