package dev.berth.model.cluster;

import dev.berth.model.identity.Arn;
import dev.berth.model.identity.Realm;
import java.util.regex.Pattern;

/** A cluster's name in its realm. */
public record ClusterId(Realm realm, String name) implements Comparable<ClusterId> {
  /** The cluster that a request means when it names none. */
  public static final String DEFAULT_NAME = "default";

  private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_-]{1,255}");

  public ClusterId {
    if (!isName(name)) {
      throw new IllegalArgumentException("'" + name + "' cannot be the name of a cluster");
    }
  }

  /** Up to 255 letters, digits, hyphens and underscores. */
  public static boolean isName(String text) {
    return FORM.matcher(text).matches();
  }

  public Arn arn() {
    return realm.arn("ecs", "cluster/" + name);
  }

  @Override
  public int compareTo(ClusterId other) {
    int byRealm = realm.compareTo(other.realm);
    return byRealm != 0 ? byRealm : name.compareTo(other.name);
  }
}
