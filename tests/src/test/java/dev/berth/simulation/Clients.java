package dev.berth.simulation;

import dev.berth.control.command.Refusal;
import dev.berth.control.command.Refused;
import dev.berth.control.command.RunTask;
import dev.berth.control.command.TaskCommands;
import dev.berth.control.command.TaskDefinitionCommands;
import dev.berth.control.state.Ledger;
import dev.berth.model.Declared;
import dev.berth.model.cluster.ClusterId;
import dev.berth.model.identity.AccountId;
import dev.berth.model.identity.Realm;
import dev.berth.model.identity.Region;
import dev.berth.model.task.Task;
import dev.berth.model.task.TaskId;
import dev.berth.simulation.Trace.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/** Those who run, stop and describe tasks, and remember what they were answered. */
final class Clients {
  private static final Realm REALM =
      new Realm(new AccountId("123456789012"), new Region("eu-west-1"));
  static final ClusterId CLUSTER = new ClusterId(REALM, ClusterId.DEFAULT_NAME);
  private static final int TASK_COUNT_MAX = 20;

  private record Definition(String family, String declaration) {}

  private static final List<Definition> DEFINITIONS =
      List.of(
          new Definition(
              "small",
              """
              {"family": "small", "requiresCompatibilities": ["FARGATE"], "networkMode": "awsvpc",
               "cpu": "256", "memory": "512",
               "containerDefinitions": [{"name": "main", "image": "busybox"}]}
              """),
          new Definition(
              "pair",
              """
              {"family": "pair", "requiresCompatibilities": ["FARGATE"], "networkMode": "awsvpc",
               "cpu": "512", "memory": "1024",
               "containerDefinitions": [
                 {"name": "main", "image": "busybox"},
                 {"name": "side", "image": "busybox", "essential": false}]}
              """),
          new Definition(
              "large",
              """
              {"family": "large", "requiresCompatibilities": ["FARGATE"], "networkMode": "awsvpc",
               "cpu": "1024", "memory": "2048",
               "containerDefinitions": [{"name": "main", "image": "busybox", "stopTimeout": 5}]}
              """));

  private final RandomGenerator random;
  private final SimulatedClock clock;
  private final Trace trace;
  private final Seams seams;
  private final Duration tokenKept;

  /** Tasks that a client was told to be started. */
  private final Set<TaskId> acknowledged = new LinkedHashSet<>();

  /** Tasks of which somebody has tried to say that they should stop. */
  private final Set<TaskId> stopped = new HashSet<>();

  private final Map<String, Use> uses = new LinkedHashMap<>();
  private int runCount;
  private int askedCount;

  /** What a token was used for, and what was answered. */
  private static final class Use {
    final RunTask wish;
    Optional<Instant> firstAt = Optional.empty();
    Optional<Set<TaskId>> tasks = Optional.empty();

    Use(RunTask wish) {
      this.wish = wish;
    }
  }

  Clients(
      RandomGenerator random, SimulatedClock clock, Trace trace, Seams seams, Duration tokenKept) {
    this.random = random;
    this.clock = clock;
    this.trace = trace;
    this.seams = seams;
    this.tokenKept = tokenKept;
  }

  Set<TaskId> acknowledged() {
    return acknowledged;
  }

  boolean hasStopped(TaskId task) {
    return stopped.contains(task);
  }

  /** What an operator does once. */
  static void register(Ledger ledger, Instant now) {
    var commands = new TaskDefinitionCommands(ledger);
    for (Definition each : DEFINITIONS) {
      try {
        commands.register(
            REALM,
            each.family(),
            new Declared(each.declaration()),
            Map.of(),
            "arn:aws:iam::123456789012:root",
            now);
      } catch (Refused refused) {
        throw new IllegalStateException(each.family(), refused);
      }
    }
  }

  /** One call of one client. */
  boolean call(SimulatedControl control) {
    return switch (random.nextInt(8)) {
      case 0, 1, 2 -> run(control);
      case 3 -> repeat(control);
      case 4 -> misuse(control);
      case 5, 6 -> describe(control);
      default -> stopOne(control);
    };
  }

  private boolean run(SimulatedControl control) {
    if (askedCount >= TASK_COUNT_MAX) {
      return false;
    }
    runCount++;
    RunTask wish =
        wish(random.nextInt(3) > 0 ? Optional.of("token-" + runCount) : Optional.empty());
    askedCount += wish.count();
    wish.clientToken().ifPresent(token -> uses.put(token, new Use(wish)));
    ask(control, wish);
    return true;
  }

  /** A client that was not answered, or does not know that it was, asks again. */
  private boolean repeat(SimulatedControl control) {
    Optional<Use> use = pick(uses.values().stream().filter(each -> !mayBeForgotten(each)).toList());
    if (use.isEmpty()) {
      return false;
    }
    trace.add(Kind.REPEATED_COMMAND, use.get().wish.clientToken().orElseThrow());
    ask(control, use.get().wish);
    return true;
  }

  private void ask(SimulatedControl control, RunTask wish) {
    String what =
        "run %d of %s, token %s"
            .formatted(wish.count(), wish.definition(), wish.clientToken().orElse("none"));
    trace.add(Kind.COMMAND, what);
    Optional<Use> use = wish.clientToken().map(uses::get);
    use.ifPresent(each -> each.firstAt = Optional.of(each.firstAt.orElse(clock.instant())));
    TaskCommands.Started started;
    try {
      started = control.tasks().run(seams.wish(wish));
    } catch (Refused refused) {
      throw new Violation("a sound wish was refused: " + refused.refusal());
    }
    Set<TaskId> ids = new LinkedHashSet<>();
    started.tasks().forEach(task -> ids.add(task.id()));
    use.ifPresent(each -> answered(each, ids));
    acknowledged.addAll(ids);
    trace.add(Kind.COMMAND, "answered " + ids.stream().map(Words::of).toList());
    for (Task task : started.tasks()) {
      control.directory().launches().committed(task, clock.instant());
      control.directory().tell(task.id());
    }
    if (use.isEmpty()) {
      if (ids.size() + started.failures().size() != wish.count()) {
        throw new Violation(
            "%d tasks and %d failures for %s"
                .formatted(ids.size(), started.failures().size(), what));
      }
    }
  }

  private void answered(Use use, Set<TaskId> ids) {
    if (mayBeForgotten(use)) {
      uses.remove(use.wish.clientToken().orElseThrow());
      return;
    }
    Set<TaskId> before = use.tasks.orElse(ids);
    use.tasks = Optional.of(before).filter(tasks -> !tasks.isEmpty()); // Else it is still free.
    if (!before.containsAll(ids)) {
      throw new Violation(
          "token %s was answered with %s and now with %s"
              .formatted(use.wish.clientToken(), before, ids));
    }
  }

  private boolean mayBeForgotten(Use use) {
    return use.firstAt.map(first -> first.plus(tokenKept).isBefore(clock.latest())).orElse(false);
  }

  /** Another wish with a token that was used before. */
  private boolean misuse(SimulatedControl control) {
    Optional<Use> use =
        pick(uses.values().stream().filter(each -> each.tasks.isPresent()).toList());
    if (use.isEmpty()) {
      return false;
    }
    RunTask wish = use.get().wish;
    RunTask other = changed(wish, wish.count() % 10 + 1, wish.clientToken());
    trace.add(Kind.REFUSED, "a used token for another wish");
    try {
      var started = control.tasks().run(seams.wish(other));
      started.tasks().forEach(task -> acknowledged.add(task.id()));
      if (!mayBeForgotten(use.get())) {
        throw new Violation(
            "a used token started %d tasks for another wish".formatted(started.tasks().size()));
      }
      uses.remove(other.clientToken().orElseThrow());
    } catch (Refused refused) {
      if (!(refused.refusal() instanceof Refusal.Conflict)) {
        throw new Violation(
            "a used token was refused for another reason: %s".formatted(refused.refusal()));
      }
    }
    return true;
  }

  private boolean describe(SimulatedControl control) {
    Optional<TaskId> id = pick(List.copyOf(acknowledged));
    if (id.isEmpty()) {
      return false;
    }
    try {
      var found = control.queries().describe(CLUSTER, List.of(id.get().value()));
      trace.add(
          Kind.COMMAND,
          "describe " + Words.of(id.get()) + found.tasks().stream().map(Words::of).toList());
    } catch (Refused refused) {
      throw new Violation("a description was refused: " + refused.refusal());
    }
    return true;
  }

  private boolean stopOne(SimulatedControl control) {
    Optional<TaskId> id = pick(List.copyOf(acknowledged));
    id.ifPresent(task -> stop(control, task));
    return id.isPresent();
  }

  void stop(SimulatedControl control, TaskId id) {
    trace.add(Kind.COMMAND, "stop " + Words.of(id));
    stopped.add(id);
    try {
      Task task = control.tasks().stop(CLUSTER, id.value(), Optional.empty());
      control.directory().tell(task.id());
      if (task.state().desiredStatus().equals("RUNNING")) {
        throw new Violation("%s was not stopped".formatted(Words.of(task)));
      }
    } catch (Refused refused) {
      trace.add(Kind.REFUSED, refused.refusal().message()); // Forgotten: Invariants know whether.
    }
  }

  /** A client still talks to a control plane that another one has taken over from. */
  void callOld(SimulatedControl old) {
    trace.add(Kind.OLD_CONTROL_COMMAND, "");
    try {
      var started = old.tasks().run(seams.wish(wish(Optional.empty())));
      started.tasks().forEach(task -> acknowledged.add(task.id()));
    } catch (Ledger.NotLeading _) {
      trace.add(Kind.OLD_CONTROL_COMMAND, "does not lead");
    } catch (Refused refused) {
      throw new Violation("a sound wish was refused: " + refused.refusal());
    }
  }

  private RunTask wish(Optional<String> token) {
    int count = random.nextInt(12) == 0 ? 10 : 1 + random.nextInt(3);
    return new RunTask(
        REALM,
        Optional.empty(),
        DEFINITIONS.get(random.nextInt(DEFINITIONS.size())).family(),
        count,
        Optional.empty(),
        List.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        token,
        Declared.NOTHING,
        Declared.NOTHING,
        Map.of(),
        false,
        false,
        clock.instant());
  }

  static RunTask changed(RunTask wish, int count, Optional<String> token) {
    return new RunTask(
        wish.realm(),
        wish.cluster(),
        wish.definition(),
        count,
        wish.launchType(),
        wish.strategy(),
        wish.platformVersion(),
        wish.group(),
        wish.startedBy(),
        token,
        wish.networkConfiguration(),
        wish.overrides(),
        wish.tags(),
        wish.tagsFromDefinition(),
        wish.executeCommandEnabled(),
        wish.receivedAt());
  }

  private <T> Optional<T> pick(List<T> from) {
    return from.isEmpty() ? Optional.empty() : Optional.of(from.get(random.nextInt(from.size())));
  }
}
