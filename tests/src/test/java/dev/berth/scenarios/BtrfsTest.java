package dev.berth.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.berth.agent.linux.Btrfs;
import dev.berth.bench.crash.PatientCalls;
import dev.berth.bench.rig.Leaks;
import dev.berth.bench.rig.RunningBerth;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A server whose data folder is on a btrfs with quotas. */
@Tag("slow")
final class BtrfsTest {
  private static final long DISK_BYTES = 32L << 30;

  private Path disk = Path.of("");
  private Path mounted = Path.of("");
  private RunningBerth berth;

  @RegisterExtension private final LastWords words = new LastWords(() -> berth.lastWords());

  @BeforeEach
  void start() throws Exception {
    disk = Files.createTempDirectory("berth-btrfs-");
    Path image = disk.resolve("image");
    try (var file = new RandomAccessFile(image.toFile(), "rw")) {
      file.setLength(DISK_BYTES);
    }
    mounted = Files.createDirectory(disk.resolve("mounted"));
    command("mkfs.btrfs", "-q", image.toString());
    command("mount", "-o", "loop,noatime", image.toString(), mounted.toString());
    command("btrfs", "quota", "enable", mounted.toString());
    berth = RunningBerth.start(mounted.resolve("data"));
    berth.loadBusybox();
  }

  @AfterEach
  void end() throws Exception {
    try {
      berth.close();
      command("umount", mounted.toString());
    } finally {
      command("rm", "-r", disk.toString());
    }
  }

  @Test
  void aTaskHasASubvolumeWithItsBoundAndLeavesNothing() throws Exception {
    var aws = new Aws(berth.endpoint());
    String network =
        "awsvpcConfiguration={subnets=[" + berth.client().defaultSubnets().getFirst() + "]}";
    Path definition = disk.resolve("definition.json");
    Files.writeString(
        definition,
        """
        {"family": "full", "networkMode": "awsvpc", "requiresCompatibilities": ["FARGATE"],
         "cpu": "256", "memory": "512", "volumes": [{"name": "data"}],
         "containerDefinitions": [{"name": "main", "image": "%s", "essential": true,
           "stopTimeout": 2, "mountPoints": [{"sourceVolume": "data", "containerPath": "/data"}],
           "command": ["sh", "-c",
             "busybox fallocate -l 20000000000 /big && echo all; busybox fallocate -l 2000000000 /data/more 2>/dev/null || echo bound; sleep 600"]}]}
        """
            .formatted(RunningBerth.BUSYBOX));
    aws.ecs("register-task-definition", "--cli-input-json", "file://" + definition);
    String task =
        aws.ecs("run-task", "--task-definition", "full", "--network-configuration", network)
            .at("/tasks/0/taskArn")
            .asText();
    aws.ecs("wait", "tasks-running", "--tasks", task);
    var calls = new PatientCalls(berth);
    while (calls.output(task).size() < 2) {
      Thread.sleep(50);
    }
    assertThat(calls.output(task)).containsExactly("all", "bound");

    Path tasks = berth.host().snapshots();
    Path folder = tasks.resolve(task.substring(task.lastIndexOf('/') + 1));
    assertThat(Btrfs.isSubvolume(folder)).isTrue();
    berth.kill();
    berth.startAgain();
    berth.awaitReady();
    aws.ecs("stop-task", "--task", task);
    JsonNode ended = calls.await(task, "STOPPED");
    assertThat(ended.path("stopCode").asText()).isEqualTo("UserInitiated");
    assertThat(tasks).isEmptyDirectory();
    assertThat(Leaks.ofIdle(berth.host())).isEmpty();
  }

  private static void command(String... words) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
    var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as("%s: %s", List.of(words), said).isZero();
  }
}
