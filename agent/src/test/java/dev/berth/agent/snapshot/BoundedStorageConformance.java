package dev.berth.agent.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What those promise beside it that keep a bound on what a task writes. */
abstract class BoundedStorageConformance extends TaskStorageConformance {
  /** What a program that writes past the bound is told. */
  abstract String full();

  @Test
  void aWritePastTheSizeFailsAndTouchesNobodyElse() throws Exception {
    storage().reserve(ONE, 1);
    storage().reserve(TWO, 20);
    var one = storage().find(ONE).orElseThrow();
    allocate("1024M", one.resolve("all"));
    assertThatThrownBy(() -> allocate("100M", one.resolve("more"))).hasMessageContaining(full());
    Files.writeString(storage().find(TWO).orElseThrow().resolve("file"), "goes on");
  }

  @Test
  void theBoundHoldsInTheNextLife() throws Exception {
    storage().reserve(ONE, 1);
    reopen();
    storage().reserve(ONE, 1);
    var one = storage().find(ONE).orElseThrow();
    assertThatThrownBy(() -> allocate("1200M", one.resolve("big"))).hasMessageContaining(full());
  }

  @Test
  void aContainersRootIsWithinTheBound() throws Exception {
    var snapshots = new OverlaySnapshotter(storage());
    var layer = Files.createDirectories(folder.resolve("layer"));
    snapshots.reserve(ONE, 1);
    var root = snapshots.mount(ONE, "main", List.of(layer));
    allocate("900M", root.resolve("most"));
    assertThatThrownBy(() -> allocate("300M", root.resolve("big"))).hasMessageContaining(full());
    snapshots.remove(ONE);
    assertThat(snapshots.list()).isEmpty();
  }

  @Test
  void whatIsWrittenAndNotDeletedIsCounted() throws Exception {
    assertThat(storage().usedBytes(ONE)).isEmpty();
    storage().reserve(ONE, 20);
    var file = storage().find(ONE).orElseThrow().resolve("big");
    allocate("300M", file);
    commit(file.resolveSibling("."));
    assertThat(storage().usedBytes(ONE).orElseThrow()).isBetween(300L << 20, 302L << 20);
    Files.delete(file);
    commit(file.resolveSibling("."));
    assertThat(storage().usedBytes(ONE).orElseThrow()).isLessThan(2L << 20);
  }

  static void allocate(String size, Path file) throws IOException, InterruptedException {
    HostCommand.run("no room", List.of("fallocate", "-l", size, file.toString()));
  }

  private static void commit(Path folder) throws IOException, InterruptedException {
    HostCommand.run("not written", List.of("sync", "-f", folder.toString()));
  }
}
