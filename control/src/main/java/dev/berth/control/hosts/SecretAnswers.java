package dev.berth.control.hosts;

import dev.berth.control.environment.EnvironmentFiles;
import dev.berth.control.secret.TaskSecrets;
import dev.berth.control.state.Kind;
import dev.berth.control.state.Ledger;
import dev.berth.link.message.ToAgent;
import dev.berth.link.message.ToControl;
import dev.berth.model.host.HostId;
import dev.berth.model.task.Task;
import dev.berth.model.task.TaskSpec;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Answers hosts that launch a task what its secrets are and what its environment files say; of its
 * own tasks alone.
 */
final class SecretAnswers {
  /** Questions whose files are being read: a host asks again while it waits. */
  private static final int READING_COUNT_MAX = 1_000;

  private final Ledger ledger;
  private final InstantSource clock;
  private final Sources sources;
  private final Set<Asked> reading = ConcurrentHashMap.newKeySet();

  /** Where values come from; tasks that need what is not there cannot be launched. */
  record Sources(Optional<TaskSecrets> secrets, Optional<EnvironmentFiles> files) {}

  private record Asked(HostId host, long generation, long request) {}

  SecretAnswers(Ledger ledger, InstantSource clock, Sources sources) {
    this.ledger = ledger;
    this.clock = clock;
    this.sources = sources;
  }

  /**
   * Answers once: at once, or, where files must be read, later and from a thread of its own, so
   * that nothing else of the host waits for them.
   */
  void answer(
      HostId host,
      long generation,
      ToControl.AskSecrets question,
      Consumer<ToAgent.Secrets> answers) {
    Optional<TaskSpec> task =
        ledger
            .state()
            .find(Kind.TASK, question.task())
            .filter(each -> each.state().holder().equals(Optional.of(host)))
            .map(Task::spec);
    if (task.isEmpty()) {
      answers.accept(missing(generation, question, "the task is not of this host"));
      return;
    }
    if (task.get().environmentFiles().isEmpty()) {
      answers.accept(answer(task.get(), generation, question, Map.of()));
      return;
    }
    var asked = new Asked(host, generation, question.request());
    if (reading.size() >= READING_COUNT_MAX || !reading.add(asked)) {
      return; // It is asked again until it is answered.
    }
    Thread.ofVirtual()
        .name("environment-files-", question.request())
        .start(
            () -> {
              try {
                answers.accept(read(task.get(), generation, question));
              } finally {
                reading.remove(asked);
              }
            });
  }

  private ToAgent.Secrets read(TaskSpec task, long generation, ToControl.AskSecrets question) {
    if (sources.files().isEmpty()) {
      return missing(generation, question, EnvironmentFiles.NOT_CONFIGURED);
    }
    try {
      return answer(task, generation, question, sources.files().get().read(task));
    } catch (EnvironmentFiles.Missing missing) {
      return missing(generation, question, String.valueOf(missing.getMessage()));
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts this thread", e);
    }
  }

  private ToAgent.Secrets answer(
      TaskSpec task,
      long generation,
      ToControl.AskSecrets question,
      Map<String, Map<String, String>> ofFiles) {
    Map<String, Map<String, String>> opened = Map.of();
    if (!task.secrets().isEmpty()) {
      if (sources.secrets().isEmpty()) {
        return missing(generation, question, "there is no vault");
      }
      try {
        opened =
            sources
                .secrets()
                .get()
                .open(ledger.state(), task.realm(), task.secrets(), clock.instant());
      } catch (TaskSecrets.Missing missing) {
        return missing(generation, question, String.valueOf(missing.getMessage()));
      }
    }
    return new ToAgent.Secrets(
        generation,
        question.request(),
        question.task(),
        stronger(opened, ofFiles),
        Optional.empty());
  }

  private static Map<String, Map<String, String>> stronger(
      Map<String, Map<String, String>> strong, Map<String, Map<String, String>> weak) {
    var all = new HashMap<>(weak);
    strong.forEach(
        (container, values) ->
            all.merge(
                container,
                values,
                (known, more) -> {
                  var both = new HashMap<>(known);
                  both.putAll(more);
                  return both;
                }));
    return all;
  }

  private static ToAgent.Secrets missing(
      long generation, ToControl.AskSecrets question, String why) {
    return new ToAgent.Secrets(
        generation, question.request(), question.task(), Map.of(), Optional.of(why));
  }
}
