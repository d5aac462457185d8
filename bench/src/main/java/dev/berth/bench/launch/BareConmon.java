package dev.berth.bench.launch;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.bench.rig.Busybox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.List;

/**
 * conmon and crun with nothing above them: an unpacked root file system, a fresh network namespace,
 * and the configuration that {@code crun spec} writes. The first output's time is conmon's own.
 */
final class BareConmon implements Contender {
  private static final double NANOS_PER_MILLI = 1e6;
  private static final long POLL_MILLIS = 1;

  private final Path folder;
  private int count;

  BareConmon(Path folder) throws IOException, InterruptedException {
    this.folder = Files.createDirectories(folder);
    Path bin = Files.createDirectories(folder.resolve("rootfs/bin"));
    for (String each : List.of("proc", "dev", "sys", "tmp", "etc")) {
      Files.createDirectories(folder.resolve("rootfs").resolve(each));
    }
    Path busybox = bin.resolve("busybox");
    Files.copy(Busybox.path(), busybox, StandardCopyOption.REPLACE_EXISTING);
    busybox.toFile().setExecutable(true);
    Shell.run(List.of("ln", "-sf", "busybox", bin.resolve("echo").toString()));
    Shell.run(List.of("sh", "-c", "cd " + folder + " && rm -f config.json && crun spec"));
    Path config = folder.resolve("config.json");
    var json = new ObjectMapper();
    var tree = (ObjectNode) json.readTree(config.toFile());
    ((ObjectNode) tree.get("process")).put("terminal", false).putArray("args").add("echo").add("x");
    json.writeValue(config.toFile(), tree);
  }

  @Override
  public String name() {
    return "conmon + crun";
  }

  @Override
  public double launchMillis() throws IOException, InterruptedException {
    count++;
    String id = "berth-bare-" + ProcessHandle.current().pid() + "-" + count;
    Path run = Files.createDirectories(folder.resolve("run-" + count));
    Path log = run.resolve("log");
    Instant began = Instant.now();
    Process conmon =
        new ProcessBuilder(
                "conmon",
                "--cid",
                id,
                "--cuuid",
                id,
                "--runtime",
                "/usr/bin/crun",
                "--bundle",
                folder.toString(),
                "--container-pidfile",
                run.resolve("pid").toString(),
                "--exit-dir",
                run.toString(),
                "--socket-dir-path",
                run.toString(),
                "--log-path",
                "k8s-file:" + log)
            .redirectErrorStream(true)
            .redirectOutput(run.resolve("said").toFile())
            .start();
    conmon.waitFor(); // The parent ends once the container is created.
    while (!Files.exists(run.resolve("pid")) || Files.size(run.resolve("pid")) == 0) {
      Thread.sleep(POLL_MILLIS);
    }
    Shell.run(List.of("crun", "start", id));
    Path exit = run.resolve(id);
    while (!Files.exists(exit)) {
      Thread.sleep(POLL_MILLIS);
    }
    while (Files.size(log) == 0) {
      Thread.sleep(POLL_MILLIS);
    }
    Instant output = Instant.parse(instant(Files.readString(log)));
    Shell.run(List.of("crun", "delete", "-f", id));
    return java.time.Duration.between(began, output).toNanos() / NANOS_PER_MILLI;
  }

  private static String instant(String line) {
    String time = line.substring(0, line.indexOf(' '));
    return time.endsWith("Z") ? time : java.time.OffsetDateTime.parse(time).toInstant().toString();
  }

  @Override
  public void close() {}
}
