package dev.berth.control.scheduler;

import dev.berth.model.host.Capacity;
import dev.berth.model.host.Host;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Filters hosts, scores those that remain, and takes the best. The same input, the same choice. */
public final class Scheduler {
  private Scheduler() {}

  /**
   * A host as the scheduler sees it.
   *
   * @param free what its tasks leave
   * @param siblingCount tasks of the same group that it carries already
   */
  public record Candidate(Host host, Capacity free, int siblingCount) {}

  /**
   * What a task needs.
   *
   * @param architecture {@code X86_64} or {@code ARM64}
   * @param zone the letter of its subnet's zone; a zone that no host declares is served by all
   */
  public record Wish(Capacity capacity, String architecture, Optional<String> zone) {}

  /** A choice, or its absence. */
  public sealed interface Placement {
    record On(Host host) implements Placement {}

    /** Which filter left no host: the first that did. */
    record Nowhere(Shortage shortage, String explanation) implements Placement {}
  }

  /** What is missing, by ECS's names. */
  public enum Shortage {
    AGENT("AGENT"),
    ATTRIBUTE("ATTRIBUTE"),
    CPU("RESOURCE:CPU"),
    MEMORY("RESOURCE:MEMORY");

    private final String wireName;

    Shortage(String wireName) {
      this.wireName = wireName;
    }

    /** The reason in RunTask's {@code failures}. */
    public String wireName() {
      return wireName;
    }
  }

  /** Few siblings first, so that a group survives a host; then the tightest fit; then the id. */
  private static final Comparator<Candidate> BEST_FIRST =
      Comparator.comparingInt(Candidate::siblingCount)
          .thenComparingLong(candidate -> candidate.free().cpuUnits())
          .thenComparingLong(candidate -> candidate.free().memoryMib())
          .thenComparing(candidate -> candidate.host().id());

  public static Placement place(Wish wish, List<Candidate> candidates) {
    var alive = candidates.stream().filter(candidate -> !candidate.host().lost()).toList();
    if (alive.isEmpty()) {
      return new Placement.Nowhere(Shortage.AGENT, "No host is connected.");
    }
    var near = alive.stream().filter(c -> isServed(wish, c, candidates)).toList();
    if (near.isEmpty()) {
      return new Placement.Nowhere(
          Shortage.AGENT, "No host of zone " + wish.zone().orElseThrow() + " is connected.");
    }
    var able =
        near.stream()
            .filter(c -> c.host().facts().architecture().equals(wish.architecture()))
            .toList();
    if (able.isEmpty()) {
      return new Placement.Nowhere(
          Shortage.ATTRIBUTE, "No host is of architecture " + wish.architecture() + ".");
    }
    var enoughCpu =
        able.stream().filter(c -> c.free().cpuUnits() >= wish.capacity().cpuUnits()).toList();
    if (enoughCpu.isEmpty()) {
      return new Placement.Nowhere(
          Shortage.CPU, "No host has " + wish.capacity().cpuUnits() + " CPU units left.");
    }
    Optional<Candidate> best =
        enoughCpu.stream().filter(c -> c.free().fits(wish.capacity())).min(BEST_FIRST);
    return best.<Placement>map(candidate -> new Placement.On(candidate.host()))
        .orElseGet(
            () ->
                new Placement.Nowhere(
                    Shortage.MEMORY,
                    "No host has "
                        + wish.capacity().memoryMib()
                        + " MiB of memory left beside the CPU."));
  }

  private static boolean isServed(Wish wish, Candidate candidate, List<Candidate> all) {
    return wish.zone().isEmpty()
        || wish.zone().get().equals(candidate.host().facts().zone())
        || all.stream().noneMatch(c -> c.host().facts().zone().equals(wish.zone().get()));
  }
}
