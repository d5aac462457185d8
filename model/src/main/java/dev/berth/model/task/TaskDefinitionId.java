package dev.berth.model.task;

import dev.berth.model.identity.Arn;
import dev.berth.model.identity.Realm;
import java.util.regex.Pattern;

/** A family and a revision of it, in a realm. */
public record TaskDefinitionId(Realm realm, String family, int revision)
    implements Comparable<TaskDefinitionId> {
  private static final Pattern FAMILY = Pattern.compile("[A-Za-z0-9_-]{1,255}");

  public TaskDefinitionId {
    if (!isFamily(family) || revision < 1) {
      throw new IllegalArgumentException("no task definition: " + family + ":" + revision);
    }
  }

  /** Up to 255 letters, digits, hyphens and underscores. */
  public static boolean isFamily(String text) {
    return FAMILY.matcher(text).matches();
  }

  public Arn arn() {
    return realm.arn("ecs", "task-definition/" + family + ":" + revision);
  }

  @Override
  public int compareTo(TaskDefinitionId other) {
    int byRealm = realm.compareTo(other.realm);
    if (byRealm != 0) {
      return byRealm;
    }
    int byFamily = family.compareTo(other.family);
    return byFamily != 0 ? byFamily : Integer.compare(revision, other.revision);
  }
}
