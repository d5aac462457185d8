package dev.berth.bench.rig;

import dev.berth.agent.linux.Belongings;
import dev.berth.agent.linux.Mounts;
import dev.berth.agent.linux.TreeRemoval;
import dev.berth.app.HostLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The end of an agent that was killed: by its own command, and where that fails by force. */
final class Retirement {
  private Retirement() {}

  static void retire(HostLayout host, Path log) throws IOException, InterruptedException {
    if (!Files.isDirectory(host.data())) {
      return;
    }
    var process = BerthProcess.start(log, List.of("retire", "--data", host.data().toString()));
    if (process.await() != 0) {
      System.err.println("the agent did not retire:\n" + process.lastWords());
      sweep(host);
    }
  }

  /** So that a failed test leaves nothing to the next one: only what carries the agent's mark. */
  private static void sweep(HostLayout host) throws IOException, InterruptedException {
    Belongings left = Belongings.find(host.marks());
    for (String process : left.processes()) {
      run("kill", "-KILL", process.substring(0, process.indexOf(' ')));
    }
    for (String mount : left.mounts().reversed()) {
      Mounts.unmount(Path.of(mount));
    }
    for (String name : left.interfaces()) {
      run("ip", "link", "delete", name);
    }
    for (String table : left.tables()) {
      run("nft", "delete", table);
    }
    for (String group : left.cgroups().reversed()) {
      run("rmdir", group);
    }
    TreeRemoval.remove(host.memory());
    TreeRemoval.remove(host.snapshots());
  }

  private static void run(String... words) throws IOException, InterruptedException {
    String command = String.join(" ", words); // "nft delete" takes the table's words as they are.
    new ProcessBuilder("sh", "-c", command).inheritIO().start().waitFor();
  }
}
