package dev.berth.control.environment;

import dev.berth.model.identity.Arn;
import dev.berth.model.task.TaskSpec;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/** Reads the environment files of tasks, for the hosts that launch them. */
public final class EnvironmentFiles {
  /** Far more than an environment should hold; Linux takes 128 KiB for one variable. */
  static final int FILE_BYTES_MAX = 256 << 10;

  /** Of all files of a task: what a host is told of it must go over the link. */
  static final int TASK_BYTES_MAX = 2 << 20;

  /** Tasks whose files are read at the same time; others wait. */
  private static final int READ_COUNT_MAX = 16;

  private static final String FAILED =
      "ResourceInitializationError: failed to download env files: ";

  /** The reason of a task whose server was told of no S3 when it was to be launched. */
  public static final String NOT_CONFIGURED = FAILED + "no S3 endpoint is configured";

  private final ObjectSource source;
  private final Semaphore reads = new Semaphore(READ_COUNT_MAX, true);

  public EnvironmentFiles(ObjectSource source) {
    this.source = source;
  }

  /** A file cannot be had; the message is the task's reason, begins as AWS's and names the file. */
  public static final class Missing extends Exception {
    private static final long serialVersionUID = 1L;

    private Missing(String file, String why) {
      super(FAILED + file + ": " + why, null, false, false);
    }
  }

  /**
   * The variables by container; blocks. What is earlier in a container's list is stronger, as ECS
   * does; that everything else is stronger than files is the caller's to see to.
   */
  public Map<String, Map<String, String>> read(TaskSpec task) throws Missing, InterruptedException {
    reads.acquire();
    try {
      var known = new HashMap<String, Map<String, String>>();
      var byContainer = new HashMap<String, Map<String, String>>();
      int left = TASK_BYTES_MAX;
      for (var files : task.environmentFiles().entrySet()) {
        for (String file : files.getValue()) {
          if (!known.containsKey(file)) {
            byte[] bytes = bytes(file, Math.min(left, FILE_BYTES_MAX));
            left -= bytes.length;
            known.put(file, variables(file, bytes));
          }
        }
        byContainer.put(files.getKey(), merged(files.getValue(), known));
      }
      return byContainer;
    } finally {
      reads.release();
    }
  }

  private static Map<String, String> merged(
      List<String> files, Map<String, Map<String, String>> known) {
    var merged = new LinkedHashMap<String, String>();
    for (String file : files) {
      known.getOrDefault(file, Map.of()).forEach(merged::putIfAbsent);
    }
    return merged;
  }

  private byte[] bytes(String file, int byteCountMax) throws Missing, InterruptedException {
    Optional<Arn> arn = Arn.parse(file);
    int slash = arn.map(each -> each.resource().indexOf('/')).orElse(-1);
    if (arn.isEmpty() || slash < 1) {
      throw new Missing(file, "it is not the ARN of an object of S3");
    }
    String object = arn.get().resource();
    try {
      return source.read(object.substring(0, slash), object.substring(slash + 1), byteCountMax);
    } catch (IOException e) {
      throw new Missing(file, String.valueOf(e.getMessage()));
    }
  }

  private static Map<String, String> variables(String file, byte[] bytes) throws Missing {
    try {
      return EnvironmentFile.variables(bytes);
    } catch (EnvironmentFile.Malformed malformed) {
      throw new Missing(file, String.valueOf(malformed.getMessage()));
    }
  }
}
