package dev.berth.agent.runtime;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.berth.agent.linux.RootedFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Fills a bundle: the OCI configuration and the few files of /etc that are the container's own. */
final class BundleWriter {
  /** Where a machine's real name servers are when /etc/resolv.conf names a local forwarder. */
  private static final List<Path> RESOLVER_FILES =
      List.of(Path.of("/etc/resolv.conf"), Path.of("/run/systemd/resolve/resolv.conf"));

  private static final Set<PosixFilePermission> ROOT_ALONE =
      PosixFilePermissions.fromString("rw-------");

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final OciSpec spec;

  BundleWriter(OciSpec spec) {
    this.spec = spec;
  }

  /**
   * @param pids the process namespace to join; its own when absent
   */
  void write(Bundle bundle, ContainerPlan plan, Optional<Path> pids) throws IOException {
    var root = new RootedFiles(plan.rootFilesystem());
    var user = ContainerUser.resolve(plan.spec().user().or(plan.image()::user).orElse(""), root);
    var workingDirectory = OciProcess.workingDirectory(plan);
    if (!workingDirectory.equals("/")) {
      root.makeDirectories(workingDirectory);
    }
    // Where they are missing; the runtime itself makes none on a read-only root.
    for (var mount : plan.spec().volumeMounts()) {
      root.makeDirectories(mount.containerPath());
    }
    for (var mount : plan.spec().linux().tmpfs()) {
      root.makeDirectories(mount.containerPath());
    }
    var etc =
        new OciSpec.EtcFiles(
            bundle.file("hosts"), bundle.file("hostname"), bundle.file("resolv.conf"));
    Files.writeString(etc.hostname(), plan.hostname() + "\n");
    Files.writeString(etc.hosts(), hosts(plan));
    Files.writeString(
        etc.resolvConf(), plan.resolvConf().isPresent() ? plan.resolvConf().get() : resolvConf());
    writeForRootAlone(bundle.config(), MAPPER.writeValueAsBytes(spec.build(plan, user, etc, pids)));
  }

  /** Its variables may be secrets. */
  static void writeForRootAlone(Path file, byte[] bytes) throws IOException {
    Files.deleteIfExists(file);
    Files.createFile(file, PosixFilePermissions.asFileAttribute(ROOT_ALONE));
    Files.write(file, bytes);
  }

  private static String hosts(ContainerPlan plan) {
    return """
    127.0.0.1 localhost
    ::1 localhost ip6-localhost ip6-loopback
    fe00::0 ip6-localnet
    ff00::0 ip6-mcastprefix
    ff02::1 ip6-allnodes
    ff02::2 ip6-allrouters
    %s %s
    """
        .formatted(plan.address(), names(plan.hostname()));
  }

  /** The whole name first, then its first part, as a machine's own name is looked up. */
  private static String names(String hostname) {
    int dot = hostname.indexOf('.');
    return dot < 0 ? hostname : hostname + " " + hostname.substring(0, dot);
  }

  /** The host's, from the first file that names a server which a container can reach. */
  private static String resolvConf() throws IOException {
    for (var file : RESOLVER_FILES) {
      var text = Bundle.read(file).map(BundleWriter::withoutLocalServers).orElse("");
      if (text.lines().anyMatch(line -> line.startsWith("nameserver"))) {
        return text;
      }
    }
    return ""; // A host without name servers has none to give.
  }

  /** Without the servers on the host's own loopback, which a container cannot reach. */
  static String withoutLocalServers(String resolvConf) {
    var kept = new StringBuilder();
    for (var line : resolvConf.lines().toList()) {
      var words = line.strip().split("\\s+", -1);
      boolean local =
          words[0].equals("nameserver")
              && words.length > 1
              && (words[1].startsWith("127.") || words[1].equals("::1"));
      if (!local && !line.startsWith("#")) {
        kept.append(line.strip()).append('\n');
      }
    }
    return kept.toString();
  }
}
