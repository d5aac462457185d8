package dev.berth.model.secret;

import java.time.Instant;
import java.util.List;

/**
 * One value that a secret has or had.
 *
 * @param id as the client chose it
 * @param binary whether the client gave bytes, not text
 * @param stages its labels, such as {@link #CURRENT}, in alphabetical order
 */
public record SecretVersion(
    String id, Sealed value, boolean binary, List<String> stages, Instant createdAt) {
  /** The label of the value that is meant when none is named. */
  public static final String CURRENT = "AWSCURRENT";

  /** The label of the one that was current before. */
  public static final String PREVIOUS = "AWSPREVIOUS";

  public SecretVersion {
    stages = stages.stream().sorted().distinct().toList();
  }

  /** The same with other labels. */
  public SecretVersion withStages(List<String> changed) {
    return new SecretVersion(id, value, binary, changed, createdAt);
  }
}
