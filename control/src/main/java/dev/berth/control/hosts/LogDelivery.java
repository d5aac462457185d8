package dev.berth.control.hosts;

import dev.berth.control.state.Kind;
import dev.berth.control.state.Ledger;
import dev.berth.link.message.ToAgent;
import dev.berth.link.message.ToControl;
import dev.berth.model.host.HostId;
import dev.berth.model.identity.Realm;
import dev.berth.model.task.ContainerSpec;
import dev.berth.model.task.LogConfiguration;
import dev.berth.model.task.Task;
import dev.berth.model.task.TaskId;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands what hosts say of log streams to the sink, and tells them where the streams stand. A host
 * only writes to the streams of tasks that were placed on it.
 */
final class LogDelivery {
  private static final Logger LOG = LoggerFactory.getLogger(LogDelivery.class);

  private final Ledger ledger;
  private final LogSink sink;

  LogDelivery(Ledger ledger, LogSink sink) {
    this.ledger = ledger;
    this.sink = sink;
  }

  /** The way back to a host. */
  record Host(HostId id, long generation, Consumer<ToAgent> session) {}

  void open(Host from, ToControl.OpenLog wish) {
    var target = target(from.id(), wish.task(), wish.container());
    var standing =
        target
            .map(sink::open)
            .orElseGet(
                () ->
                    CompletableFuture.completedFuture(
                        new LogSink.Standing(0, Optional.of("the task has no such log stream"))));
    answer(from, wish.task(), wish.container(), 0, standing);
  }

  void append(Host from, ToControl.LogBatch batch) {
    var target = target(from.id(), batch.task(), batch.container());
    var standing =
        target
            .map(known -> sink.append(known, batch))
            // Nobody knows the task any more: its output is given up.
            .orElseGet(
                () ->
                    CompletableFuture.completedFuture(
                        new LogSink.Standing(batch.end(), Optional.empty())));
    answer(from, batch.task(), batch.container(), batch.batch(), standing);
  }

  private static void answer(
      Host to,
      TaskId task,
      String container,
      long batch,
      CompletableFuture<LogSink.Standing> standing) {
    var _ =
        standing.whenComplete(
            (known, failure) -> {
              if (failure != null) {
                // Not answered, the host keeps what it has, and sends it again when it connects
                // anew.
                LOG.atError().addKeyValue("task", task).setCause(failure).log("logs not stored");
                return;
              }
              to.session()
                  .accept(
                      new ToAgent.LogStands(
                          to.generation(),
                          task,
                          container,
                          batch,
                          known.offset(),
                          known.failure()));
            });
  }

  private Optional<LogSink.Target> target(HostId host, TaskId id, String container) {
    return ledger
        .state()
        .find(Kind.TASK, id)
        .filter(task -> task.placedOn().map(Task.PlacedOn::host).equals(Optional.of(host)))
        .flatMap(
            task ->
                task.spec().containers().stream()
                    .filter(each -> each.name().equals(container))
                    .findFirst()
                    .flatMap(ContainerSpec::log)
                    .map(log -> target(task.spec().realm(), log, container, id)));
  }

  /** The group is in the region that the configuration names, and in the task's account. */
  private static LogSink.Target target(
      Realm realm, LogConfiguration log, String container, TaskId task) {
    return new LogSink.Target(
        new Realm(realm.account(), log.region()),
        log.group(),
        log.stream(container, task),
        log.createGroup());
  }
}
