package dev.berth.api.logs;

import dev.berth.api.gateway.ServiceBinding;
import dev.berth.logs.LogStore;

/** Collects the operations of CloudWatch Logs. */
public final class LogsOperations {
  private LogsOperations() {}

  /** CloudWatch Logs over that store, ready to be served. */
  public static ServiceBinding binding(LogStore store) {
    var builder = ServiceBinding.of("cloudwatchlogs");
    new GroupOperations(store).addTo(builder);
    new GroupTagOperations(store).addTo(builder);
    new StreamOperations(store).addTo(builder);
    new PutOperation(store).addTo(builder);
    new ReadOperations(store).addTo(builder);
    new LiveTailOperation(store).addTo(builder);
    return builder.build();
  }
}
