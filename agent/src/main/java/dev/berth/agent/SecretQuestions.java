package dev.berth.agent;

import dev.berth.agent.task.TaskSecrets;
import dev.berth.link.message.ToAgent;
import dev.berth.link.message.ToControl;
import dev.berth.link.stream.ControlSession;
import dev.berth.model.task.TaskId;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Asks control for the values of tasks' secrets. A question is asked again on each connection, and
 * after a while, until it is answered: it or its answer may have been lost.
 */
final class SecretQuestions implements TaskSecrets {
  private static final long ASK_AGAIN_MILLIS = 5_000;

  private final AtomicLong last = new AtomicLong();
  private final Map<Long, Question> waiting = new ConcurrentHashMap<>();
  private final AtomicReference<@Nullable ControlSession> session = new AtomicReference<>();

  private record Question(TaskId task, CompletableFuture<ToAgent.Secrets> answer) {}

  @Override
  public Map<String, Map<String, String>> values(TaskId task)
      throws IOException, InterruptedException {
    long request = last.incrementAndGet();
    var question = new Question(task, new CompletableFuture<>());
    waiting.put(request, question);
    try {
      while (true) {
        ask(request, question);
        try {
          var answer = question.answer().get(ASK_AGAIN_MILLIS, TimeUnit.MILLISECONDS);
          if (answer.missing().isPresent()) {
            throw new IOException(answer.missing().get());
          }
          return answer.values();
        } catch (TimeoutException unanswered) {
          // Asked again: the connection may have gone, or control is not there.
        } catch (ExecutionException e) {
          throw new IllegalStateException("no question fails by itself", e);
        }
      }
    } finally {
      waiting.remove(request);
    }
  }

  private void ask(long request, Question question) {
    var connected = session.get();
    if (connected != null) {
      connected.send(new ToControl.AskSecrets(request, question.task()));
    }
  }

  void connected(ControlSession connected) {
    session.set(connected);
    waiting.forEach(this::ask);
  }

  void disconnected(ControlSession gone) {
    session.compareAndSet(gone, null);
  }

  void answered(ToAgent.Secrets answer) {
    var question = waiting.get(answer.request());
    // Another life of the agent may have asked with the same number.
    if (question != null && question.task().equals(answer.task())) {
      question.answer().complete(answer);
    }
  }
}
