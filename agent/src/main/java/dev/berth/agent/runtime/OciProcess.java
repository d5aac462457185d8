package dev.berth.agent.runtime;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.model.task.LinuxParameters.Ulimit;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The {@code process} part of an OCI configuration, by Docker's and ECS's rules. Pure. */
final class OciProcess {
  private static final String PATH_USUAL =
      "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  /** Fargate's own default, soft and hard. */
  private static final long OPEN_FILES_USUAL = 65_535;

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final ContainerPlan plan;
  private final ContainerUser user;
  private final HostLimits limits;

  OciProcess(ContainerPlan plan, ContainerUser user, HostLimits limits) {
    this.plan = plan;
    this.user = user;
    this.limits = limits;
  }

  ObjectNode build() throws RuntimeFailure {
    var spec = plan.spec();
    var process = JSON.objectNode();
    process.put("terminal", spec.pseudoTerminal());
    var identity = process.putObject("user").put("uid", user.uid()).put("gid", user.gid());
    // With the first group among them, as a file's mode that excludes a group expects.
    var groups = identity.putArray("additionalGids").add(user.gid());
    user.extraGroups().forEach(groups::add);
    arguments().forEach(process.putArray("args")::add);
    var lines = process.putArray("env");
    environment().forEach((name, value) -> lines.add(name + "=" + value));
    process.put("cwd", workingDirectory(plan));
    var names =
        Capabilities.of(spec.linux().capabilitiesAdded(), spec.linux().capabilitiesDropped());
    var capabilities = process.putObject("capabilities");
    for (var set : List.of("bounding", "effective", "permitted")) {
      names.forEach(capabilities.putArray(set)::add);
    }
    process.set("rlimits", resourceLimits());
    process.put("oomScoreAdj", limits.oomScoreAdj());
    process.put("noNewPrivileges", false); // Docker's default: set-user-ID programs work.
    return process;
  }

  /** An overridden entry point drops the image's command too; an overridden command only itself. */
  private List<String> arguments() throws RuntimeFailure {
    var spec = plan.spec();
    var arguments = new ArrayList<String>();
    if (spec.linux().initProcess()) {
      arguments.addAll(List.of(OciSpec.INIT_PATH, "--"));
    }
    int before = arguments.size();
    arguments.addAll(spec.entryPoint().orElse(plan.image().entryPoint()));
    arguments.addAll(
        spec.command().orElse(spec.entryPoint().isPresent() ? List.of() : plan.image().command()));
    if (arguments.size() == before) {
      throw new RuntimeFailure(
          "container " + plan.key().name() + ": no command is declared, nor has the image one");
    }
    return arguments;
  }

  private Map<String, String> environment() {
    var environment = new TreeMap<String, String>();
    environment.put("PATH", PATH_USUAL);
    environment.put("HOSTNAME", plan.hostname());
    environment.put("HOME", user.home());
    if (plan.spec().pseudoTerminal()) {
      environment.put("TERM", "xterm");
    }
    environment.putAll(plan.image().environment());
    environment.putAll(plan.environment());
    environment.putAll(plan.spec().environment());
    return environment;
  }

  /** Absolute; a relative one starts at the root. */
  static String workingDirectory(ContainerPlan plan) {
    var declared = plan.spec().workingDirectory().or(plan.image()::workingDirectory).orElse("/");
    return declared.startsWith("/") ? declared : "/" + declared;
  }

  private ArrayNode resourceLimits() throws RuntimeFailure {
    var byName = new TreeMap<String, Ulimit>();
    long openFiles = OPEN_FILES_USUAL;
    if (!limits.mayRaise()) {
      // Nobody asked for this number, so a smaller machine gives what it has.
      openFiles = Math.min(openFiles, limits.hardMax().getOrDefault("nofile", openFiles));
    }
    byName.put("nofile", new Ulimit("nofile", openFiles, openFiles));
    for (var declared : plan.spec().linux().ulimits()) {
      long most = limits.hardMax().getOrDefault(declared.name(), Long.MAX_VALUE);
      long hard = declared.hard() < 0 ? Long.MAX_VALUE : declared.hard();
      if (hard > most && !limits.mayRaise()) {
        throw new RuntimeFailure(
            "container %s: ulimit %s %s is above this host's limit of %d, which Berth may not raise without CAP_SYS_RESOURCE"
                .formatted(
                    plan.key().name(),
                    declared.name(),
                    hard == Long.MAX_VALUE ? "unlimited" : Long.toString(hard),
                    most));
      }
      byName.put(declared.name(), declared);
    }
    var array = JSON.arrayNode();
    for (var limit : byName.values()) {
      var entry = array.addObject();
      entry.put("type", "RLIMIT_" + limit.name().toUpperCase(Locale.ROOT));
      entry.set("hard", unsigned(limit.hard()));
      entry.set("soft", unsigned(limit.soft()));
    }
    return array;
  }

  /** No limit, -1 in a declaration, is the largest unsigned number in a configuration. */
  private static JsonNode unsigned(long value) {
    return JSON.numberNode(new BigInteger(Long.toUnsignedString(value)));
  }
}
