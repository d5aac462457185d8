package dev.berth.agent.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.agent.linux.Mounts;
import dev.berth.agent.linux.TreeRemoval;
import dev.berth.model.task.TaskId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every way to keep tasks' files promises. */
@Timeout(120)
abstract class TaskStorageConformance {
  static final TaskId ONE = new TaskId("%032x".formatted(1));
  static final TaskId TWO = new TaskId("%032x".formatted(2));
  static final int ROUND_COUNT = 3 * LoopStorage.READY_COUNT;

  Path folder = Path.of("");
  private Optional<TaskStorage> opened = Optional.empty();

  /** The next life of the agent over the same folders; the one before is gone. */
  abstract TaskStorage openAgain() throws Exception;

  @BeforeEach
  void open() throws Exception {
    folder = makeFolder();
    reopen();
  }

  final TaskStorage storage() {
    return opened.orElseThrow();
  }

  final void reopen() throws Exception {
    opened = Optional.of(openAgain());
  }

  Path makeFolder() throws Exception {
    return Files.createTempDirectory("berth-test-").toRealPath();
  }

  @AfterEach
  void close() throws Exception {
    storage().remove(ONE);
    storage().remove(TWO);
    storage().retire();
    assertThat(Mounts.list()).noneMatch(mount -> isTasks(mount.target()));
    removeFolder();
  }

  /** Whether somebody's file system is mounted there for a task. */
  boolean isTasks(Path target) {
    return target.startsWith(folder);
  }

  void removeFolder() throws Exception {
    TreeRemoval.remove(folder);
  }

  @Test
  void theNextLifeFindsWhoHasWhichAndHandsOutOnlyEmptyOnes() throws Exception {
    storage().reserve(ONE, 20);
    var one = storage().find(ONE).orElseThrow();
    Files.writeString(one.resolve("file"), "kept");

    reopen();

    assertThat(storage().list()).containsExactly(ONE);
    storage().reserve(ONE, 20);
    assertThat(storage().find(ONE)).contains(one);
    assertThat(one.resolve("file")).hasContent("kept");
    storage().reserve(TWO, 20);
    assertThat(storage().find(TWO).orElseThrow()).isEmptyDirectory().isNotEqualTo(one);
  }

  @Test
  void whatATaskLeftIsSeenByNoOther() throws Exception {
    for (int round = 0; round < ROUND_COUNT; round++) {
      storage().reserve(ONE, 20);
      var one = storage().find(ONE).orElseThrow();
      assertThat(one).isEmptyDirectory();
      Files.createDirectories(one.resolve("a/b"));
      Files.writeString(one.resolve("a/b/secret"), "secret");
      storage().remove(ONE);
    }
  }

  @Test
  void whatIsRemovedIsGoneAndMayBeRemovedAgain() throws Exception {
    assertThat(storage().find(ONE)).isEmpty();
    storage().reserve(ONE, 21);
    Files.writeString(storage().find(ONE).orElseThrow().resolve("file"), "text");
    storage().remove(ONE);
    storage().remove(ONE);
    assertThat(storage().find(ONE)).isEmpty();
    assertThat(storage().list()).isEmpty();
  }

  @Test
  void aRootFileSystemIsMadeInIt() throws Exception {
    var snapshots = new OverlaySnapshotter(storage());
    var layer = Files.createDirectories(folder.resolve("layer"));
    assertThatThrownBy(() -> snapshots.mount(ONE, "main", List.of(layer)))
        .hasMessageContaining("no storage");
    snapshots.reserve(ONE, 20);
    var root = snapshots.mount(ONE, "main", List.of(layer));
    assertThat(snapshots.mount(ONE, "main", List.of(layer))).isEqualTo(root);
    Files.writeString(root.resolve("file"), "text");
    snapshots.remove(ONE);
    assertThat(snapshots.list()).isEmpty();
  }
}
