package dev.berth.agent.snapshot;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Runs a program of the host to its end. */
final class HostCommand {
  private static final int COMPLAINT_BYTE_COUNT_MAX = 4096;

  private HostCommand() {}

  /**
   * @param purpose begins the message of the failure when it ends with another code than 0
   */
  static void run(String purpose, List<String> command) throws IOException, InterruptedException {
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    byte[] said;
    try (var output = process.getInputStream()) {
      said = output.readNBytes(COMPLAINT_BYTE_COUNT_MAX);
    }
    if (process.waitFor() != 0) {
      throw new IOException(purpose + ": " + new String(said, StandardCharsets.UTF_8).strip());
    }
  }
}
