package dev.berth.agent.runtime;

import dev.berth.model.task.TaskId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** One container of one task. */
public record ContainerKey(TaskId task, String name) {
  /** ECS's form of a container's name, which is what makes it safe in a path. */
  private static final Pattern NAME_FORM = Pattern.compile("[a-zA-Z0-9_-]{1,255}");

  /** With the task's id before it, a file's name stays below the kernel's 255 bytes. */
  private static final int FILE_NAME_LENGTH_MAX = 128;

  private static final int DIGEST_DIGIT_COUNT = 16;

  public ContainerKey {
    if (!NAME_FORM.matcher(name).matches()) {
      throw new IllegalArgumentException("'" + name + "' cannot be the name of a container");
    }
  }

  /** The id by which the OCI runtime knows it. */
  public String runtimeId() {
    return task + "-" + fileName();
  }

  /** The name, cut so that it fits into a file's name and still differs from every other. */
  public String fileName() {
    if (name.length() <= FILE_NAME_LENGTH_MAX) {
      return name;
    }
    return name.substring(0, FILE_NAME_LENGTH_MAX - DIGEST_DIGIT_COUNT - 1) + "." + digest();
  }

  /** The id by which the task itself knows it, in the paths of its metadata. */
  public String metadataId() {
    return task + "-" + digest();
  }

  /** A short text that stands for this container where a path's length is scarce. */
  public String digest() {
    try {
      var hash =
          MessageDigest.getInstance("SHA-256")
              .digest((task + "-" + name).getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash).substring(0, DIGEST_DIGIT_COUNT);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
