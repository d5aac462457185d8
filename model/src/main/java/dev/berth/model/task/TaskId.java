package dev.berth.model.task;

import java.util.regex.Pattern;

/** A task's id: 32 hexadecimal digits, the last part of its ARN. */
public record TaskId(String value) implements Comparable<TaskId> {
  private static final Pattern FORM = Pattern.compile("[0-9a-f]{32}");

  public TaskId {
    if (!FORM.matcher(value).matches()) {
      throw new IllegalArgumentException("'" + value + "' is not the id of a task");
    }
  }

  /** Whether the text has the form of a task's id. */
  public static boolean isForm(String text) {
    return FORM.matcher(text).matches();
  }

  @Override
  public int compareTo(TaskId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
