package dev.berth.model.task;

import dev.berth.model.identity.Region;
import java.util.Optional;

/**
 * Where a container's output goes: a stream of its own in a log group.
 *
 * @param region of the group, in the task's account
 * @param createGroup make the group if it is not there
 * @param eventStart a regular expression (RE2) that a line matches which begins an event; without
 *     one, each line is an event
 * @param blocking the container waits for its lines to be stored, rather than lines being lost
 * @param backlogByteCountMax of output that is not stored yet; beyond it lines are lost, or the
 *     container waits
 */
public record LogConfiguration(
    String group,
    Region region,
    String streamPrefix,
    boolean createGroup,
    Optional<String> eventStart,
    boolean blocking,
    long backlogByteCountMax) {
  /** AWS's {@code max-buffer-size} where none is declared: 10 MiB. */
  public static final long BACKLOG_BYTE_COUNT_STANDARD = 10L << 20;

  /** The stream of a container of a task. */
  public String stream(String container, TaskId task) {
    return streamPrefix + "/" + container + "/" + task;
  }
}
