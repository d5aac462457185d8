package dev.berth.bench.launch;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Runs programs. */
final class Shell {
  private static final double NANOS_PER_MILLI = 1e6;

  private Shell() {}

  /** Runs it to its end; fails with what it said if it fails. */
  static String run(List<String> command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(String.join(" ", command) + " failed: " + output);
    }
    return output;
  }

  /** As {@link #run}, for the end of something, which nobody interrupts. */
  static void runToEnd(List<String> command) throws IOException {
    try {
      run(command);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Milliseconds from the start of the command to the first byte on its output. */
  static double millisToFirstByte(List<String> command) throws IOException, InterruptedException {
    long began = System.nanoTime();
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    int first = process.getInputStream().read();
    double millis = (System.nanoTime() - began) / NANOS_PER_MILLI;
    process.getInputStream().readAllBytes();
    int code = process.waitFor();
    if (first < 0 || code != 0) {
      throw new IOException(String.join(" ", command) + " ended with " + code);
    }
    return millis;
  }
}
