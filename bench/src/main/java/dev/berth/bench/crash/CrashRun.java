package dev.berth.bench.crash;

import com.fasterxml.jackson.databind.JsonNode;
import dev.berth.agent.linux.ProcessIdentity;
import dev.berth.bench.rig.Leaks;
import dev.berth.bench.rig.RunningBerth;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Kills a server at moments chosen by a seed, while users launch and stop tasks, and looks whether
 * what Berth promises of a crash holds.
 */
public final class CrashRun {
  private static final int USER_COUNT = 4;
  private static final int STEADY_COUNT = 2;
  private static final long USER_END_SECONDS_MAX = 300;

  private final RunningBerth berth;
  private final Plan plan;
  private final Random random;
  private final PatientCalls calls;
  private final Load.Shared shared = new Load.Shared();

  private CrashRun(RunningBerth berth, Plan plan) {
    this.berth = berth;
    this.plan = plan;
    this.random = new Random(plan.seed());
    this.calls = new PatientCalls(berth);
  }

  /**
   * What is done.
   *
   * @param upMillisMax for how long the server runs between two kills at the most
   */
  public record Plan(long seed, int killCount, int upMillisMax) {}

  /**
   * What came of it.
   *
   * @param taskCount tasks that were acknowledged
   * @param repeatCount calls that broke off and were made again
   * @param violations promises that were broken, leaks included
   */
  public record Outcome(int taskCount, long repeatCount, List<String> violations) {
    public Outcome {
      violations = List.copyOf(violations);
    }
  }

  /** Runs it on a server that has the busybox image; the server answers before and after. */
  public static Outcome on(RunningBerth berth, Plan plan) throws Exception {
    return new CrashRun(berth, plan).run();
  }

  private Outcome run() throws Exception {
    String definition = calls.register("crash", 5);
    List<Steady> steady = new ArrayList<>();
    for (int i = 0; i < STEADY_COUNT; i++) {
      steady.add(steady(definition, "steady-" + plan.seed() + "-" + i));
    }
    var users = new ArrayList<Thread>();
    for (int i = 0; i < USER_COUNT; i++) {
      String name = "user-" + plan.seed() + "-" + i;
      var user = new Load(calls, definition, name, random.nextLong(), shared);
      users.add(Thread.ofPlatform().name(name).start(user));
    }
    for (int kill = 1; kill <= plan.killCount(); kill++) {
      crash(kill, steady);
    }
    shared.over = true;
    for (Thread user : users) {
      user.join(USER_END_SECONDS_MAX * 1_000);
      if (user.isAlive()) {
        shared.violations.add(user.getName() + " does not come to an end");
        user.interrupt();
      }
    }
    for (Steady each : steady) {
      end(each);
    }
    compareWithList();
    Leaks.ofIdle(berth.host()).forEach(leak -> shared.violations.add("left: " + leak));
    return new Outcome(
        shared.acknowledged.size(), calls.repeatCount(), List.copyOf(shared.violations));
  }

  /** A task that runs through all kills, known by its process. */
  private record Steady(String arn, ProcessIdentity process) {}

  private Steady steady(String definition, String token) throws Exception {
    String arn = calls.run(definition, new Script.Runs().text(), token);
    shared.acknowledged.add(arn);
    calls.await(arn, "RUNNING");
    while (calls.output(arn).isEmpty()) {
      Thread.sleep(50);
    }
    return new Steady(arn, TaskProcesses.init(berth.host(), arn));
  }

  private void crash(int number, List<Steady> steady) throws Exception {
    Thread.sleep(random.nextInt(plan.upMillisMax()));
    switch (random.nextInt(6)) {
      case 0 -> berth.killGroup();
      case 1 -> { // Once more, while it takes up what it finds.
        berth.kill();
        berth.startAgain();
        Thread.sleep(random.nextInt(plan.upMillisMax()));
        berth.kill();
      }
      default -> berth.kill();
    }
    checkAlive(number, steady);
    berth.startAgain();
    berth.awaitReady();
    checkAlive(number, steady);
  }

  private void checkAlive(int number, List<Steady> steady) throws IOException {
    for (Steady each : steady) {
      if (!each.process().isAlive()) {
        shared.violations.add(each.arn() + " did not outlive kill " + number);
      }
    }
  }

  private void end(Steady steady) throws InterruptedException {
    calls.stop(steady.arn(), "enough");
    JsonNode task = calls.await(steady.arn(), "STOPPED");
    new Script.Runs()
        .broken(task, calls.output(steady.arn()))
        .forEach(broken -> shared.violations.add(steady.arn() + ": " + broken + " " + task));
  }

  /** Each unanswered call was made again until it was answered, so both know the same tasks. */
  private void compareWithList() {
    var listed = new HashSet<String>();
    Stream.of("RUNNING", "STOPPED").map(calls::list).forEach(listed::addAll);
    if (!listed.equals(shared.acknowledged)) {
      var unknown = new HashSet<>(listed);
      unknown.removeAll(shared.acknowledged);
      var lost = new HashSet<>(shared.acknowledged);
      lost.removeAll(listed);
      shared.violations.add("run for nobody: " + unknown + "; lost: " + lost);
    }
  }
}
