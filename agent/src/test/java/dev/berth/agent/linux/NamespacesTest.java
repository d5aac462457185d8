package dev.berth.agent.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** What work in another namespace leaves of itself: nothing. */
class NamespacesTest {
  /**
   * A thread that carries virtual threads begins in the namespace of whoever wakes one: were that
   * another one, each socket opened there later would be in it. A process of its own has carriers
   * that are not there yet.
   */
  @Test
  void noThreadIsLeftInAnotherNamespace() throws Exception {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-XX:TieredStopAtLevel=1"));
    command.add("-Djdk.virtualThreadScheduler.parallelism=4");
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(Worker.class.getName());
    var worker = new ProcessBuilder(command).redirectErrorStream(true).start();
    worker.getOutputStream().close();
    var said = new String(worker.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(said).isEqualTo("elsewhere: []\n");
    assertThat(worker.waitFor()).isZero();
  }

  /**
   * Says which of its threads are elsewhere once a virtual thread's work in a namespace is done.
   */
  static final class Worker {
    private static final long WORK_MILLIS = 200;
    private static final long BUSY_MILLIS = 400;

    private Worker() {}

    public static void main(String[] arguments) throws Exception {
      var working = new CountDownLatch(1);
      var waiting = Thread.startVirtualThread(() -> work(working));
      working.await();
      Thread.sleep(WORK_MILLIS / 2); // The only carrier has nothing to do now.
      var busy = Thread.startVirtualThread(Worker::keepCarrier);
      waiting.join(); // For this one another carrier had to be started.
      busy.join();
      System.out.println("elsewhere: " + elsewhere());
    }

    private static void work(CountDownLatch working) {
      try {
        Namespaces.inNewNetwork(
            () -> {
              working.countDown();
              long end = System.nanoTime() + WORK_MILLIS * 1_000_000;
              while (System.nanoTime() < end) {
                Thread.onSpinWait();
              }
              return working;
            });
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private static void keepCarrier() {
      long end = System.nanoTime() + BUSY_MILLIS * 1_000_000;
      while (System.nanoTime() < end) {
        Thread.onSpinWait();
      }
    }

    private static List<String> elsewhere() throws IOException {
      var names = new ArrayList<String>();
      var own = Files.readSymbolicLink(Path.of("/proc/self/ns/net"));
      try (var threads = Files.newDirectoryStream(Path.of("/proc/self/task"))) {
        for (var thread : threads) {
          if (!Files.readSymbolicLink(thread.resolve("ns/net")).equals(own)) {
            names.add(Files.readString(thread.resolve("comm")).strip());
          }
        }
      }
      return names;
    }
  }
}
