package dev.berth.agent.runtime;

import dev.berth.agent.linux.RootedFiles;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Whom a container runs as, looked up in its own /etc/passwd and /etc/group.
 *
 * @param extraGroups besides the first, sorted
 * @param home from /etc/passwd, or /
 */
public record ContainerUser(int uid, int gid, List<Integer> extraGroups, String home) {
  /** Far more than real ones have; the image's author chose the size. */
  private static final int FILE_BYTE_COUNT_MAX = 1 << 20;

  private static final int PASSWD_FIELD_COUNT = 7;
  private static final int GROUP_FIELD_COUNT = 4;

  public ContainerUser {
    extraGroups = List.copyOf(extraGroups);
  }

  /** Looks the user up in the root file system, of which nothing is trusted. */
  public static ContainerUser resolve(String declared, RootedFiles root) throws IOException {
    return resolve(
        declared,
        root.read("etc/passwd", FILE_BYTE_COUNT_MAX).orElse(""),
        root.read("etc/group", FILE_BYTE_COUNT_MAX).orElse(""));
  }

  /**
   * Docker's rules: an empty user is root; a name must be known, a number need not be; without a
   * group it is the user's first one, with the others that list the user.
   */
  static ContainerUser resolve(String declared, String passwd, String group) throws RuntimeFailure {
    var parts = declared.split(":", 2);
    var user = parts[0].isEmpty() ? "0" : parts[0];
    var number = number(user);
    // A name that looks like a number is a name first.
    var known =
        find(passwd, PASSWD_FIELD_COUNT, 2, fields -> fields[0].equals(user))
            .or(
                () ->
                    number.isEmpty()
                        ? Optional.empty()
                        : find(
                            passwd,
                            PASSWD_FIELD_COUNT,
                            2,
                            fields -> number(fields[2]).equals(number)));
    if (known.isEmpty() && number.isEmpty()) {
      throw new RuntimeFailure("unable to find user " + user + ": not in the image's /etc/passwd");
    }
    int uid = known.map(fields -> number(fields[2])).orElse(number).orElseThrow();
    int gid = known.map(fields -> number(fields[3]).orElse(0)).orElse(0);
    var home = known.map(fields -> fields[5]).filter(text -> text.startsWith("/")).orElse("/");
    if (parts.length == 2 && !parts[1].isEmpty()) {
      return new ContainerUser(uid, groupId(parts[1], group), List.of(), home);
    }
    var name = known.map(fields -> fields[0]).orElse(user);
    return new ContainerUser(uid, gid, extraGroups(name, gid, group), home);
  }

  private static int groupId(String declared, String group) throws RuntimeFailure {
    var known = find(group, GROUP_FIELD_COUNT - 1, 2, fields -> fields[0].equals(declared));
    if (known.isPresent()) {
      return number(known.get()[2]).orElseThrow();
    }
    var number = number(declared);
    if (number.isEmpty()) {
      throw new RuntimeFailure(
          "unable to find group " + declared + ": not in the image's /etc/group");
    }
    return number.getAsInt();
  }

  private static List<Integer> extraGroups(String name, int gid, String group) {
    var groups = new TreeSet<Integer>();
    for (var line : group.lines().toList()) {
      var fields = line.split(":", -1);
      if (fields.length >= GROUP_FIELD_COUNT && List.of(fields[3].split(",", -1)).contains(name)) {
        number(fields[2]).ifPresent(groups::add);
      }
    }
    groups.remove(gid);
    return List.copyOf(groups);
  }

  /** The first well-formed line that fits; a line whose number is none is passed over. */
  private static Optional<String[]> find(
      String file, int fieldCountMin, int numberField, Predicate<String[]> fits) {
    return file.lines()
        .map(line -> line.split(":", -1))
        .filter(fields -> fields.length >= fieldCountMin && number(fields[numberField]).isPresent())
        .filter(fits)
        .findFirst();
  }

  /** A kernel id from 0 to 2147483647. */
  private static OptionalInt number(String text) {
    if (text.isEmpty() || text.length() > 10 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return OptionalInt.empty();
    }
    long value = Long.parseLong(text);
    return value > Integer.MAX_VALUE ? OptionalInt.empty() : OptionalInt.of((int) value);
  }
}
