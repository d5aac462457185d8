package dev.berth.bench.crash;

import dev.berth.agent.linux.ProcessIdentity;
import dev.berth.app.HostLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The processes of a task with one container, from where its host wrote them down. */
public final class TaskProcesses {
  private TaskProcesses() {}

  /** The one that watches over the container. */
  public static ProcessIdentity monitor(HostLayout host, String arn) throws IOException {
    return line(host, arn, 1);
  }

  /** The container's first. */
  public static ProcessIdentity init(HostLayout host, String arn) throws IOException {
    return line(host, arn, 2);
  }

  private static ProcessIdentity line(HostLayout host, String arn, int number) throws IOException {
    Path task =
        host.runtime().resolve("containers").resolve(arn.substring(arn.lastIndexOf('/') + 1));
    try (var containers = Files.list(task)) {
      List<String> lines =
          Files.readAllLines(containers.findFirst().orElseThrow().resolve("processes"));
      String[] words = lines.get(number).split(" ", -1);
      return new ProcessIdentity(Long.parseLong(words[0]), Long.parseLong(words[1]));
    }
  }
}
