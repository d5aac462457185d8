package dev.berth.agent.runtime;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.berth.agent.linux.Descriptor;
import dev.berth.agent.linux.ReadinessWatcher;
import dev.berth.agent.linux.Spawner;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Starts conmon, which makes a container through the OCI runtime and stays with it. Facts: conmon's
 * manual, version 2.1.
 */
final class Monitor {
  /** Between the start of conmon and its word that the container is created. */
  private static final long CREATE_MILLIS_MAX = 60_000;

  /** conmon's answer is one line of JSON; an error's message is some hundred bytes. */
  private static final int ANSWER_BYTE_COUNT_MAX = 65_536;

  private static final int CHUNK_BYTE_COUNT = 4096;

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final Path program;
  private final OciRuntime runtime;
  private final RuntimeFolders folders;
  private final ReadinessWatcher watcher;
  private final Spawner spawner;

  Monitor(
      Path program,
      OciRuntime runtime,
      RuntimeFolders folders,
      ReadinessWatcher watcher,
      Spawner spawner) {
    this.program = program;
    this.runtime = runtime;
    this.folders = folders;
    this.watcher = watcher;
    this.spawner = spawner;
  }

  /**
   * Creates the container of a written bundle, under a new conmon in a session of its own.
   *
   * @return the number of the container's init process
   */
  @SuppressWarnings("try") // Our end for writing is closed early, or the end would never be read.
  long create(Bundle bundle, ContainerPlan plan) throws IOException, InterruptedException {
    Files.createFile(bundle.complaints());
    var sync = Descriptor.Pipe.open();
    try (var reading = sync.reading();
        var writing = sync.writing();
        var input = Descriptor.open(Path.of("/dev/null"), Descriptor.O_RDONLY);
        var complaints = Descriptor.open(bundle.complaints(), Descriptor.O_WRONLY)) {
      var environment = new HashMap<>(Programs.ENVIRONMENT);
      environment.put("_OCI_SYNCPIPE", "3");
      var child =
          spawner.spawn(
              new Spawner.Command(
                  command(bundle, plan),
                  bundle.folder(), // Where conmon leaves a file when memory runs out.
                  environment,
                  List.of(input, complaints, complaints, writing)));
      writing.close();
      child.await(CREATE_MILLIS_MAX); // It forks, and its child goes on in the background.
      return initPid(bundle, answer(bundle, reading));
    }
  }

  private List<String> command(Bundle bundle, ContainerPlan plan) {
    var key = bundle.key();
    var command = new ArrayList<String>();
    command.add(program.toString());
    command.addAll(List.of("--api-version", "1"));
    command.addAll(List.of("--cid", key.runtimeId()));
    command.addAll(List.of("--cuuid", key.digest()));
    command.addAll(List.of("--runtime", runtime.program().toString()));
    runtime.arguments().forEach(word -> command.addAll(List.of("--runtime-arg", word)));
    command.addAll(List.of("--bundle", bundle.folder().toString()));
    command.addAll(List.of("--conmon-pidfile", bundle.monitorPid().toString()));
    command.addAll(List.of("--container-pidfile", bundle.initPid().toString()));
    command.addAll(List.of("--exit-dir", bundle.exits().toString()));
    command.addAll(List.of("--socket-dir-path", folders.sockets().toString()));
    command.addAll(List.of("--log-path", "k8s-file:" + folders.output(key)));
    command.addAll(List.of("--log-level", "error"));
    // Output need not survive a power failure that its container does not survive either.
    command.add("--no-sync-log");
    if (plan.spec().pseudoTerminal()) {
      command.add("--terminal");
    }
    if (plan.spec().interactive()) {
      command.addAll(List.of("--stdin", "--leave-stdin-open"));
    }
    return command;
  }

  private String answer(Bundle bundle, Descriptor reading)
      throws IOException, InterruptedException {
    var answer = new ByteArrayOutputStream();
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(CREATE_MILLIS_MAX);
    while (answer.size() < ANSWER_BYTE_COUNT_MAX) {
      try (var watch = watcher.watch(reading)) {
        watch.readable().get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
      } catch (TimeoutException e) {
        throw new RuntimeFailure(
            "create " + bundle.key().runtimeId() + ": no answer in " + CREATE_MILLIS_MAX + " ms",
            e);
      } catch (ExecutionException e) {
        throw new IOException("conmon could not be awaited", e);
      }
      var bytes = reading.read(CHUNK_BYTE_COUNT);
      answer.writeBytes(bytes);
      if (bytes.length == 0 || bytes[bytes.length - 1] == '\n') {
        break;
      }
    }
    return answer.toString(StandardCharsets.UTF_8);
  }

  private long initPid(Bundle bundle, String answer) throws IOException {
    if (answer.isBlank()) { // An empty answer is conmon's own failure.
      throw new RuntimeFailure(
          "create "
              + bundle.key().runtimeId()
              + ": conmon failed: "
              + Bundle.read(bundle.complaints()).orElse("").strip());
    }
    var json = MAPPER.readTree(answer);
    long pid = json.path("data").asLong(json.path("pid").asLong(-1));
    if (pid <= 0) {
      throw new RuntimeFailure(
          "create "
              + bundle.key().runtimeId()
              + ": "
              + json.path("message").asText(runtime.name() + " gave no reason").strip());
    }
    return pid;
  }
}
