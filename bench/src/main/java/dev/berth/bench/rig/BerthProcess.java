package dev.berth.bench.rig;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** One process of Berth, leader of a process group of its own, with what it says in a file. */
final class BerthProcess {
  /** Those that {@code ./berth up} gives it, where the launcher of the benchmarks says them. */
  private static final List<String> FLAGS =
      List.of(
          System.getProperty(
                  "berth.server.flags",
                  "-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xmx256m -Xshare:auto"
                      + " --enable-native-access=ALL-UNNAMED"
                      + " --sun-misc-unsafe-memory-access=allow")
              .split(" "));

  private static final int LOG_LINE_COUNT_SHOWN = 300;
  private static final long END_SECONDS_MAX = 60;
  private static final long DUMP_MILLIS = 1_000;

  private final Process process;
  private final Path log;

  private BerthProcess(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /** Starts it on the class path of this process. */
  static BerthProcess start(Path log, List<String> arguments) throws IOException {
    return start(log, Map.of(), arguments);
  }

  /** The same, with variables in its environment. */
  static BerthProcess start(Path log, Map<String, String> variables, List<String> arguments)
      throws IOException {
    var command = new ArrayList<String>();
    command.add("setsid"); // Becomes the program itself: its number stays.
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(FLAGS);
    command.add("-Dlogback.configurationFile=logback.xml");
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add("dev.berth.app.Main");
    command.addAll(arguments);
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().keySet().removeIf(name -> name.matches("(BERTH|AWS)_.*"));
    builder.environment().putAll(variables);
    Process process = builder.start();
    process.getOutputStream().close();
    return new BerthProcess(process, log);
  }

  long pid() {
    return process.pid();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** SIGKILL to it alone. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
  }

  /** SIGKILL to it and to whatever it started that is still of its group. */
  void killGroup() throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-KILL", "--", "-" + process.pid()).start().waitFor();
    process.waitFor();
  }

  /** Waits for its own end. */
  int await() throws InterruptedException {
    if (!process.waitFor(END_SECONDS_MAX, TimeUnit.SECONDS)) {
      kill();
    }
    return process.exitValue();
  }

  /** Makes it write down what each of its threads does, if it still can. */
  void dumpThreads() throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-QUIT", Long.toString(process.pid())).start().waitFor();
    Thread.sleep(DUMP_MILLIS);
  }

  /** The last of what it said. */
  String lastWords() {
    try {
      List<String> lines =
          new String(Files.readAllBytes(log), StandardCharsets.UTF_8).lines().toList();
      return String.join(
          "\n", lines.subList(Math.max(0, lines.size() - LOG_LINE_COUNT_SHOWN), lines.size()));
    } catch (IOException e) {
      throw new UncheckedIOException(log + " is not readable", e);
    }
  }
}
