package dev.berth.agent;

import dev.berth.agent.runtime.ContainerKey;
import dev.berth.agent.runtime.ContainerRuntime;
import dev.berth.agent.runtime.OutputReader;
import dev.berth.agent.task.HostTasks;
import dev.berth.link.message.ToAgent;
import dev.berth.link.message.ToControl;
import dev.berth.link.stream.ControlSession;
import dev.berth.model.task.ContainerReport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers control's questions for output, off the link's threads. */
final class OutputAnswers implements AutoCloseable {
  /** Of one answer, before it is written as JSON. */
  private static final int BYTE_COUNT_MAX = 1 << 20;

  private static final int READ_COUNT_MAX = 16;
  private static final Logger LOG = LoggerFactory.getLogger(OutputAnswers.class);

  private final HostTasks tasks;
  private final ContainerRuntime runtime;
  private final OutputReader reader;
  private final Semaphore reads = new Semaphore(READ_COUNT_MAX);
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("output-", 0).factory());

  OutputAnswers(HostTasks tasks, ContainerRuntime runtime, OutputReader reader) {
    this.tasks = tasks;
    this.runtime = runtime;
    this.reader = reader;
  }

  /** Exactly one answer, unless the session or the agent ends before. */
  void answer(ToAgent.ReadOutput question, ControlSession to) {
    try {
      threads.execute(() -> read(question, to));
    } catch (RejectedExecutionException closed) {
      LOG.atDebug().log("closed");
    }
  }

  private void read(ToAgent.ReadOutput question, ControlSession to) {
    try {
      reads.acquire();
      try {
        to.send(page(question));
      } finally {
        reads.release();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException | RuntimeException e) {
      LOG.atWarn().addKeyValue("task", question.task()).setCause(e).log("output not read");
      to.send(new ToControl.Output(question.request(), List.of(), question.offset(), true));
    }
  }

  private ToControl.Output page(ToAgent.ReadOutput question) throws IOException {
    // Asked before the file is read: what is written after that is asked for once more.
    boolean over = isOver(question);
    int byteCount = Math.clamp(question.byteCountMax(), 1, BYTE_COUNT_MAX);
    var file = runtime.outputFile(new ContainerKey(question.task(), question.container()));
    try {
      var page = reader.read(file, question.offset(), byteCount);
      var lines = page.lines().stream().map(OutputAnswers::line).toList();
      return new ToControl.Output(
          question.request(), lines, page.nextOffset(), over && lines.isEmpty());
    } catch (NoSuchFileException nothingYet) {
      return new ToControl.Output(question.request(), List.of(), question.offset(), over);
    }
  }

  /** Whether the container has ended, or is not of this host. */
  private boolean isOver(ToAgent.ReadOutput question) throws IOException {
    return tasks
        .find(question.task())
        .map(
            record ->
                record.report().containers().stream()
                    .filter(container -> container.name().equals(question.container()))
                    .allMatch(each -> each.status() == ContainerReport.Status.STOPPED))
        .orElse(true);
  }

  private static ToControl.OutputLine line(OutputReader.Line line) {
    var stream =
        switch (line.stream()) {
          case STDOUT -> "stdout";
          case STDERR -> "stderr";
        };
    var text = StandardCharsets.UTF_8.decode(line.bytes().duplicate()).toString();
    return new ToControl.OutputLine(line.at(), stream, text, line.partial());
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
