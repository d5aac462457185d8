package dev.berth.cli.task;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.cli.endpoint.BerthClient;
import java.io.PrintWriter;

/** What a container writes, read from where the last reading ended. */
public final class TaskOutput {
  /** The server holds a reading back that long while there is nothing new. */
  private static final int WAIT_MILLIS = 5_000;

  private final BerthClient client;
  private final String cluster;
  private final String task;
  private final String container;
  private long offset;

  /**
   * The output from its start.
   *
   * @param container empty for a task that has one only
   */
  public TaskOutput(BerthClient client, String cluster, String task, String container) {
    this.client = client;
    this.cluster = cluster;
    this.task = task;
    this.container = container;
  }

  /** What a reading brought. */
  enum Progress {
    /** Lines, and there may be more. */
    LINES,
    /** Nothing new so far. */
    SILENCE,
    /** The container has ended, and everything is printed. */
    END
  }

  /** Prints what is there already. */
  public void printSoFar(PrintWriter out, PrintWriter err) {
    Progress progress = Progress.LINES;
    while (progress == Progress.LINES) {
      progress = printNext(out, err, 0);
    }
  }

  /** Prints until the container has ended; the loop is as long as the container's life. */
  public void follow(PrintWriter out, PrintWriter err) {
    Progress progress = Progress.LINES;
    while (progress != Progress.END) {
      progress = printNext(out, err, WAIT_MILLIS);
    }
  }

  /** Prints what comes next, waiting for it no longer than that. */
  Progress printNext(PrintWriter out, PrintWriter err, int waitMillis) {
    ObjectNode input =
        BerthClient.input()
            .put("task", task)
            .put("cluster", cluster)
            .put("offset", offset)
            .put("waitMillis", waitMillis);
    if (!container.isEmpty()) {
      input.put("container", container);
    }
    JsonNode read = client.operator("ReadTaskOutput", input);
    for (JsonNode line : read.path("lines")) {
      print(line, line.path("stream").asText().equals("stderr") ? err : out);
    }
    out.flush();
    err.flush();
    offset = read.path("nextOffset").asLong(offset);
    if (read.path("end").asBoolean()) {
      return Progress.END;
    }
    return read.path("lines").isEmpty() ? Progress.SILENCE : Progress.LINES;
  }

  private static void print(JsonNode line, PrintWriter stream) {
    stream.print(line.path("text").asText());
    if (!line.path("partial").asBoolean()) {
      stream.println();
    }
  }
}
