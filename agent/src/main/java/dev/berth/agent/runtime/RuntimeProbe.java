package dev.berth.agent.runtime;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.berth.agent.linux.SealedCopy;
import dev.berth.agent.linux.TreeRemoval;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Chooses the OCI runtime by trial: a version's number does not tell whether this kernel and its
 * cgroups suit it, a container that ran does.
 */
final class RuntimeProbe {
  private static final Logger LOG = LoggerFactory.getLogger(RuntimeProbe.class);
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final Programs programs;
  private final RuntimeFolders folders;
  private final Optional<Path> staticProgram;
  private final String cgroupParent;

  /**
   * @param staticProgram one that prints its version for {@code -V}; without it nothing is tried
   */
  RuntimeProbe(
      Programs programs,
      RuntimeFolders folders,
      Optional<Path> staticProgram,
      String cgroupParent) {
    this.programs = programs;
    this.folders = folders;
    this.staticProgram = staticProgram;
    this.cgroupParent = cgroupParent;
  }

  OciRuntime choose() throws IOException, InterruptedException {
    var crun = Programs.find("crun");
    var candidates =
        Stream.of(crun.flatMap(RuntimeProbe::sealed), crun)
            .flatMap(Optional::stream)
            .map(path -> OciRuntime.crun(path, folders.oci()))
            .collect(Collectors.toCollection(ArrayList::new));
    Programs.find("runc")
        .map(path -> OciRuntime.runc(path, folders.oci()))
        .ifPresent(candidates::add);
    if (candidates.isEmpty()) {
      throw new RuntimeFailure("neither crun nor runc is installed");
    }
    if (staticProgram.isEmpty()) {
      return candidates.getFirst();
    }
    var refusals = new ArrayList<String>();
    for (var candidate : candidates) {
      var outcome = tryOut(candidate, staticProgram.get());
      if (outcome.succeeded()) {
        return candidate;
      }
      LOG.atWarn()
          .addKeyValue("runtime", candidate.name())
          .addKeyValue("reason", outcome.complaint())
          .log("this machine does not suit an OCI runtime that is installed");
      refusals.add(candidate.name() + ": " + outcome.complaint());
    }
    throw new RuntimeFailure(
        "no OCI runtime works on this machine; " + String.join("; ", refusals));
  }

  /**
   * crun makes such a copy of itself at each start and starts anew from it, lest a container reach
   * the program on the host by its process. From one that is there it starts once: a quarter of its
   * time. Read at the agent's start, so that a newer version is taken then.
   */
  private static Optional<Path> sealed(Path program) {
    try {
      return Optional.of(SealedCopy.of(program).path());
    } catch (IOException e) {
      LOG.atInfo().addKeyValue("program", program).setCause(e).log("no sealed copy in memory");
      return Optional.empty();
    }
  }

  private Programs.Outcome tryOut(OciRuntime candidate, Path program)
      throws IOException, InterruptedException {
    var bundle = folders.state().resolve("probe");
    TreeRemoval.remove(bundle);
    for (var name : List.of("proc", "dev")) { // crun makes no mount point on a read-only root.
      Files.createDirectories(bundle.resolve("root").resolve(name));
    }
    var id = "probe-" + ProcessHandle.current().pid();
    try {
      Files.copy(program, bundle.resolve("root/program"));
      bundle.resolve("root/program").toFile().setExecutable(true);
      Files.write(bundle.resolve("config.json"), configuration());
      return programs.run(candidate.command("run", "--bundle", bundle.toString(), id));
    } finally {
      if (Files.exists(candidate.folder().resolve(id))) {
        programs.run(candidate.command("delete", "--force", id));
      }
      TreeRemoval.remove(bundle);
    }
  }

  private byte[] configuration() throws IOException {
    var config = JsonNodeFactory.instance.objectNode();
    config.put("ociVersion", "1.0.2");
    var process = config.putObject("process").put("cwd", "/").put("terminal", false);
    process.putArray("args").add("/program").add("-V");
    process.putObject("user").put("uid", 0).put("gid", 0);
    config.putObject("root").put("path", "root").put("readonly", true);
    var mounts = config.putArray("mounts");
    mounts.addObject().put("destination", "/proc").put("type", "proc").put("source", "proc");
    mounts.addObject().put("destination", "/dev").put("type", "tmpfs").put("source", "tmpfs");
    var linux = config.putObject("linux");
    linux.put("cgroupsPath", cgroupParent + "/probe");
    var namespaces = linux.putArray("namespaces");
    for (var type : List.of("pid", "ipc", "uts", "mount", "cgroup", "network")) {
      namespaces.addObject().put("type", type);
    }
    return MAPPER.writeValueAsBytes(config);
  }
}
