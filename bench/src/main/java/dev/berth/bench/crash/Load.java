package dev.berth.bench.crash;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/** One user, who runs one task after the other and holds each to what was promised. */
final class Load implements Runnable {
  private static final int LINE_COUNT_MAX = 400;
  private static final int PAUSE_TENTHS_MAX = 20;
  private static final int EXIT_CODE_MAX = 99;
  private static final int STOP_AFTER_MILLIS_MAX = 1_500;

  private final PatientCalls calls;
  private final String definition;
  private final String name;
  private final Random random;
  private final Shared shared;

  /** What all users of a run know together. */
  static final class Shared {
    final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    final ConcurrentLinkedQueue<String> violations = new ConcurrentLinkedQueue<>();
    volatile boolean over;
  }

  Load(PatientCalls calls, String definition, String name, long seed, Shared shared) {
    this.calls = calls;
    this.definition = definition;
    this.name = name;
    this.random = new Random(seed);
    this.shared = shared;
  }

  @Override
  public void run() {
    try {
      for (int number = 1; !shared.over; number++) {
        task(name + "-" + number);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException failure) {
      shared.violations.add(name + ": " + failure);
    }
  }

  private void task(String token) throws InterruptedException {
    Script script = script();
    String arn = calls.run(definition, script.text(), token);
    shared.acknowledged.add(arn);
    if (random.nextInt(4) == 0 && !calls.run(definition, script.text(), token).equals(arn)) {
      shared.violations.add(arn + ": its client token gave another task");
    }
    switch (script) {
      case Script.Ends _ -> {}
      case Script.Runs _ -> {
        calls.await(arn, "RUNNING");
        while (calls.output(arn).stream().noneMatch(line -> line.equals("line 1"))) {
          Thread.sleep(50); // Before its trap is set, a stop would be another end.
          if (calls.describe(arn).path("lastStatus").asText().equals("STOPPED")) {
            break;
          }
        }
        Thread.sleep(random.nextInt(STOP_AFTER_MILLIS_MAX));
        calls.stop(arn, "enough");
      }
      case Script.StoppedAnywhere _ -> {
        Thread.sleep(random.nextInt(STOP_AFTER_MILLIS_MAX));
        calls.stop(arn, "enough");
      }
    }
    verify(arn, script);
  }

  private Script script() {
    return switch (random.nextInt(4)) {
      case 0, 1 ->
          new Script.Ends(
              random.nextInt(LINE_COUNT_MAX),
              "%.1f".formatted(random.nextInt(PAUSE_TENTHS_MAX) / 10.0),
              random.nextInt(EXIT_CODE_MAX));
      case 2 -> new Script.Runs();
      default -> new Script.StoppedAnywhere();
    };
  }

  private void verify(String arn, Script script) throws InterruptedException {
    JsonNode task = calls.await(arn, "STOPPED");
    if (task.isMissingNode()) {
      shared.violations.add(arn + ": lost, or does not end: " + calls.describe(arn));
      return;
    }
    List<String> output = calls.output(arn);
    List<String> broken = script.broken(task, output);
    if (!broken.isEmpty()) {
      shared.violations.add(
          "%s: %s; %s; output %s; %s".formatted(arn, broken, script, shortened(output), task));
    }
  }

  private static List<String> shortened(List<String> lines) {
    if (lines.size() <= 8) {
      return lines;
    }
    var ends = new ArrayList<>(lines.subList(0, 4));
    ends.add("…");
    ends.addAll(lines.subList(lines.size() - 4, lines.size()));
    return ends;
  }
}
