package dev.berth.control.hosts;

import dev.berth.link.message.ToControl;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;

/** Questions for output that wait for their answers. */
final class OutputQuestions {
  /** A host that does not answer within so long will not. This also bounds what waits. */
  private static final long ANSWER_MILLIS_MAX = 10_000;

  private final AtomicLong last = new AtomicLong();
  private final Map<Long, CompletableFuture<ToControl.Output>> waiting = new ConcurrentHashMap<>();

  CompletableFuture<ToControl.Output> ask(LongConsumer send) {
    long request = last.incrementAndGet();
    var answer = new CompletableFuture<ToControl.Output>();
    waiting.put(request, answer);
    send.accept(request);
    return answer
        .orTimeout(ANSWER_MILLIS_MAX, TimeUnit.MILLISECONDS)
        .whenComplete((_, _) -> waiting.remove(request));
  }

  void answered(ToControl.Output output) {
    CompletableFuture<ToControl.Output> answer = waiting.get(output.request());
    if (answer != null) {
      answer.complete(output);
    }
  }
}
