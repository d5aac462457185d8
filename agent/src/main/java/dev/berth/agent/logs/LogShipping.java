package dev.berth.agent.logs;

import dev.berth.agent.runtime.ContainerKey;
import dev.berth.agent.runtime.ContainerRuntime;
import dev.berth.agent.runtime.OutputBrake;
import dev.berth.link.message.ToAgent;
import dev.berth.link.message.ToControl;
import dev.berth.link.stream.ControlSession;
import dev.berth.model.task.ContainerSpec;
import dev.berth.model.task.LogConfiguration;
import dev.berth.model.task.TaskSpec;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All shipments of this host, and their way to control. */
public final class LogShipping implements TaskLogs {
  /** For control to answer, over a restart of its own. */
  private static final long OPEN_SECONDS_MAX = 60;

  private static final String REFUSED = "failed to validate logger args: ";
  private static final Logger LOG = LoggerFactory.getLogger(LogShipping.class);

  private final ContainerRuntime runtime;
  private final OutputBrake brake;
  private final Map<ContainerKey, Shipment> shipments = new ConcurrentHashMap<>();
  private final Map<ContainerKey, CompletableFuture<ToAgent.LogStands>> openings =
      new ConcurrentHashMap<>();
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("log-shipment-", 0).factory());

  private volatile Optional<ControlSession> session = Optional.empty();
  private volatile Predicate<ContainerKey> isOver = _ -> false;

  public LogShipping(ContainerRuntime runtime, OutputBrake brake) {
    this.runtime = runtime;
    this.brake = brake;
  }

  @Override
  public void ask(Predicate<ContainerKey> judge) {
    isOver = judge;
  }

  @Override
  public void open(TaskSpec task) throws IOException, InterruptedException {
    for (var container : task.containers()) {
      var log = container.log();
      if (log.isPresent()) {
        var key = new ContainerKey(task.id(), container.name());
        var known = ShippedMark.read(runtime.outputFile(key)).orElse(ShippedMark.START);
        begin(key, log.get(), new ShippedMark(opened(key).offset(), false, known.gap()));
      }
    }
  }

  private ToAgent.LogStands opened(ContainerKey key) throws IOException, InterruptedException {
    var answer = openings.computeIfAbsent(key, _ -> new CompletableFuture<>());
    session.ifPresent(to -> to.send(new ToControl.OpenLog(key.task(), key.name())));
    try {
      var standing = answer.get(OPEN_SECONDS_MAX, TimeUnit.SECONDS);
      if (standing.failure().isPresent()) {
        throw new IOException(REFUSED + standing.failure().get());
      }
      return standing;
    } catch (TimeoutException e) {
      throw new IOException(REFUSED + "the log store does not answer", e);
    } catch (ExecutionException e) {
      throw new IOException(REFUSED + "the host is ending", e);
    } finally {
      openings.remove(key);
    }
  }

  @Override
  public void takeUp(TaskSpec task) {
    for (ContainerSpec container : task.containers()) {
      var key = new ContainerKey(task.id(), container.name());
      container.log().ifPresent(log -> takeUp(key, log));
    }
  }

  private void takeUp(ContainerKey key, LogConfiguration log) {
    try {
      var mark = ShippedMark.read(runtime.outputFile(key)).orElse(ShippedMark.START);
      if (!mark.complete()) {
        brake.release(key); // An earlier life may have held it.
        begin(key, log, mark);
      }
    } catch (IOException e) {
      LOG.atError().addKeyValue("container", key).setCause(e).log("output not taken up");
    }
  }

  private void begin(ContainerKey key, LogConfiguration log, ShippedMark mark) {
    var shipment =
        new Shipment(key, log, runtime.outputFile(key), mark, brake, () -> isOver.test(key));
    if (shipments.putIfAbsent(key, shipment) != null) {
      return;
    }
    session.ifPresent(to -> shipment.connected(to::send));
    threads.execute(
        () -> {
          try {
            shipment.run();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          } catch (RuntimeException e) {
            LOG.atError()
                .addKeyValue("container", key)
                .setCause(e)
                .log("a shipment ended by a bug");
          } finally {
            shipments.remove(key, shipment);
          }
        });
  }

  @Override
  public void connected(ControlSession connected) {
    session = Optional.of(connected);
    shipments.values().forEach(shipment -> shipment.connected(connected::send));
    openings.keySet().forEach(key -> connected.send(new ToControl.OpenLog(key.task(), key.name())));
  }

  @Override
  public void disconnected(ControlSession gone) {
    if (session.filter(gone::equals).isPresent()) {
      session = Optional.empty();
      shipments.values().forEach(Shipment::disconnected);
    }
  }

  @Override
  public void stands(ToAgent.LogStands standing) {
    var key = new ContainerKey(standing.task(), standing.container());
    if (standing.batch() == 0) {
      var opening = openings.get(key);
      if (opening != null) {
        opening.complete(standing);
      }
      return;
    }
    var shipment = shipments.get(key);
    if (shipment != null) {
      shipment.stands(standing);
    }
  }

  @Override
  public void close() {
    shipments.values().forEach(Shipment::close);
    openings.values().forEach(each -> each.cancel(true));
    threads.shutdownNow();
  }
}
