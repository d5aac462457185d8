package dev.berth.control.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.control.scheduler.Scheduler.Candidate;
import dev.berth.control.scheduler.Scheduler.Placement;
import dev.berth.control.scheduler.Scheduler.Shortage;
import dev.berth.control.scheduler.Scheduler.Wish;
import dev.berth.model.host.Capacity;
import dev.berth.model.host.Host;
import dev.berth.model.host.HostFacts;
import dev.berth.model.host.HostId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SchedulerTest {
  private static final Wish WISH = new Wish(new Capacity(256, 512), "X86_64", Optional.empty());

  @Test
  void withoutAHostNothingIsPlaced() {
    assertThat(shortage(WISH, List.of())).isEqualTo(Shortage.AGENT);
    assertThat(shortage(WISH, List.of(candidate("a", true, 1024, 1024, 0))))
        .isEqualTo(Shortage.AGENT);
  }

  @Test
  void theShortageThatCountsIsNamed() {
    assertThat(shortage(WISH, List.of(candidate("a", false, 255, 4096, 0))))
        .isEqualTo(Shortage.CPU);
    assertThat(shortage(WISH, List.of(candidate("a", false, 1024, 511, 0))))
        .isEqualTo(Shortage.MEMORY);
    assertThat(
            shortage(
                new Wish(WISH.capacity(), "ARM64", Optional.empty()),
                List.of(candidate("a", false, 1024, 4096, 0))))
        .isEqualTo(Shortage.ATTRIBUTE);
    assertThat(Shortage.CPU.wireName()).isEqualTo("RESOURCE:CPU");
  }

  @Test
  void aGroupIsSpreadBeforeAHostIsFilled() {
    assertThat(
            chosen(List.of(candidate("a", false, 300, 600, 1), candidate("b", false, 900, 900, 0))))
        .isEqualTo("b");
  }

  @Test
  void aZoneIsServedByItsHostsAndByAllWhereItHasNone() {
    var candidates = List.of(candidate("a", false, 900, 900, 0), inZone("b", "b"));

    assertThat(chosen(inZone("b"), candidates)).isEqualTo("b");
    assertThat(chosen(inZone("a"), candidates)).isEqualTo("a");
    assertThat(chosen(inZone("c"), candidates)).isEqualTo("a");
    assertThat(shortage(inZone("b"), List.of(candidates.getFirst(), lost(candidates.getLast()))))
        .isEqualTo(Shortage.AGENT);
  }

  @Test
  void theTightestFitKeepsLargeRoomsFree() {
    assertThat(
            chosen(List.of(candidate("a", false, 900, 900, 0), candidate("b", false, 300, 600, 0))))
        .isEqualTo("b");
  }

  @Test
  void theOrderOfTheHostsDoesNotMatterAndNothingIsEverOverCommitted() {
    for (long seed = 0; seed < 300; seed++) {
      var random = new Random(seed);
      var hosts = new ArrayList<Candidate>();
      for (int host = 0; host < random.nextInt(6); host++) {
        hosts.add(
            candidate(
                "h" + host,
                random.nextInt(4) == 0,
                random.nextInt(2048) - 256,
                random.nextInt(4096) - 512,
                random.nextInt(3)));
      }
      var placement = Scheduler.place(WISH, hosts);
      var shuffled = new ArrayList<>(hosts);
      java.util.Collections.shuffle(shuffled, random);
      assertThat(Scheduler.place(WISH, shuffled)).as("seed %d", seed).isEqualTo(placement);
      boolean possible =
          hosts.stream().anyMatch(c -> !c.host().lost() && c.free().fits(WISH.capacity()));
      switch (placement) {
        case Placement.On(var host) ->
            assertThat(hosts.stream().filter(c -> c.host().equals(host)))
                .as("seed %d", seed)
                .allMatch(c -> !c.host().lost() && c.free().fits(WISH.capacity()));
        case Placement.Nowhere _ -> assertThat(possible).as("seed %d", seed).isFalse();
      }
    }
  }

  private static Shortage shortage(Wish wish, List<Candidate> candidates) {
    return switch (Scheduler.place(wish, candidates)) {
      case Placement.Nowhere(var shortage, _) -> shortage;
      case Placement.On(var host) -> throw new AssertionError("placed on " + host.id());
    };
  }

  private static Wish inZone(String zone) {
    return new Wish(WISH.capacity(), WISH.architecture(), Optional.of(zone));
  }

  private static Candidate inZone(String name, String zone) {
    var facts =
        new HostFacts(new HostId(name), "boot", new Capacity(2048, 4096), "X86_64", zone, Map.of());
    return new Candidate(new Host(facts, 1, false, Instant.EPOCH), new Capacity(1024, 1024), 0);
  }

  private static Candidate lost(Candidate candidate) {
    Host host = candidate.host();
    return new Candidate(
        new Host(host.facts(), host.generation(), true, host.since()), candidate.free(), 0);
  }

  private static String chosen(List<Candidate> candidates) {
    return chosen(WISH, candidates);
  }

  private static String chosen(Wish wish, List<Candidate> candidates) {
    return switch (Scheduler.place(wish, candidates)) {
      case Placement.On(var host) -> host.id().value();
      case Placement.Nowhere(_, var explanation) -> throw new AssertionError(explanation);
    };
  }

  private static Candidate candidate(
      String name, boolean lost, int cpuUnits, int memoryMib, int siblingCount) {
    var facts =
        new HostFacts(new HostId(name), "boot", new Capacity(2048, 4096), "X86_64", "a", Map.of());
    var host = new Host(facts, 1, lost, Instant.EPOCH);
    return new Candidate(host, new Capacity(cpuUnits, memoryMib), siblingCount);
  }
}
