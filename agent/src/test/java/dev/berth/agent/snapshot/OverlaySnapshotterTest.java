package dev.berth.agent.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.agent.linux.Mounts;
import dev.berth.agent.linux.TreeRemoval;
import dev.berth.model.task.TaskId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class OverlaySnapshotterTest {
  private static final TaskId TASK = new TaskId("0123456789abcdef0123456789abcdef");

  private Path folder;
  private OverlaySnapshotter snapshotter;

  @BeforeEach
  void open() throws Exception {
    folder = Files.createTempDirectory("berth-test-");
    snapshotter = new OverlaySnapshotter(new FolderStorage(folder.resolve("snapshots")));
    snapshotter.reserve(TASK, 20);
  }

  @AfterEach
  void close() throws Exception {
    for (var task : snapshotter.list()) {
      snapshotter.remove(task);
    }
    TreeRemoval.remove(folder);
  }

  @Test
  void anUpperLayerHidesALowerOneAndKeepsItUnchanged() throws Exception {
    var low = layer("low", "file", "low");
    var high = layer("high", "file", "high");
    var root = snapshotter.mount(TASK, "main", List.of(low, high));
    assertThat(root.resolve("file")).hasContent("high");
    Files.writeString(root.resolve("file"), "written");
    Files.delete(root.resolve("low"));
    assertThat(snapshotter.mount(TASK, "main", List.of(low, high))).isEqualTo(root);
    assertThat(root.resolve("file")).hasContent("written");
    assertThat(high.resolve("file")).hasContent("high");
    assertThat(low.resolve("low")).exists();
    assertThat(snapshotter.list()).containsExactly(TASK);
    snapshotter.remove(TASK);
    snapshotter.remove(TASK);
    assertThat(snapshotter.list()).isEmpty();
    assertThat(Mounts.list()).noneMatch(mount -> mount.target().startsWith(folder));
  }

  @Test
  void aVolumeBeginsWithWhatTheFirstImageHasThatHasAnything() throws Exception {
    var bare = layer("bare", "file", "nothing of it");
    var full = layer("full", "data/inner/file", "from the image");
    Files.setAttribute(full.resolve("data"), "unix:uid", 1000);
    Files.setAttribute(full.resolve("data"), "unix:gid", 1001);
    Files.setAttribute(full.resolve("data"), "unix:mode", 02770);
    Files.setAttribute(full.resolve("data/inner/file"), "unix:uid", 1002);
    Files.createSymbolicLink(full.resolve("data/link"), Path.of("/etc/passwd"));
    Files.createSymbolicLink(full.resolve("leads-out"), Path.of("../../../../../data"));
    snapshotter.mount(TASK, "first", List.of(bare));
    snapshotter.mount(TASK, "second", List.of(full));
    var seeds =
        List.of(
            new VolumeSeed("shared", "first", "/data"),
            new VolumeSeed("shared", "second", "/leads-out"),
            new VolumeSeed("shared", "first", "/"),
            new VolumeSeed("empty", "first", "/nowhere"));

    snapshotter.makeVolumes(TASK, seeds);

    var shared = snapshotter.volume(TASK, "shared");
    assertThat(shared.resolve("inner/file")).hasContent("from the image");
    assertThat(Files.getAttribute(shared, "unix:uid")).isEqualTo(1000);
    assertThat(Files.getAttribute(shared, "unix:gid")).isEqualTo(1001);
    assertThat((int) Files.getAttribute(shared, "unix:mode") & 07777).isEqualTo(02770);
    assertThat(Files.getAttribute(shared.resolve("inner/file"), "unix:uid")).isEqualTo(1002);
    assertThat(Files.readSymbolicLink(shared.resolve("link"))).isEqualTo(Path.of("/etc/passwd"));
    assertThat(shared.resolve("file")).doesNotExist();
    assertThat(snapshotter.volume(TASK, "empty")).isEmptyDirectory();

    Files.delete(shared.resolve("link"));
    snapshotter.makeVolumes(TASK, seeds); // Nothing happens the second time.
    assertThat(shared.resolve("link")).doesNotExist();
    snapshotter.remove(TASK);
    assertThat(snapshotter.list()).isEmpty();
  }

  @Test
  void aVolumesNameLeadsNowhereElse() {
    assertThatThrownBy(() -> snapshotter.volume(TASK, "../other"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void manyLayersWithLongNamesFit() throws Exception {
    var layers = new ArrayList<Path>();
    for (int i = 0; i < OverlaySnapshotter.LAYER_COUNT_MAX; i++) {
      layers.add(layer("x".repeat(200) + ":" + i, "f" + i, "" + i));
    }
    var root = snapshotter.mount(TASK, "main", layers);
    assertThat(root.resolve("f0")).hasContent("0");
    assertThat(root.resolve("f127")).hasContent("127");
    layers.add(layers.getFirst());
    assertThatThrownBy(() -> snapshotter.mount(TASK, "other", layers))
        .hasMessageContaining("129 layers");
  }

  @Test
  void aBusyRootFileSystemIsRemovedAllTheSame() throws Exception {
    var root = snapshotter.mount(TASK, "main", List.of(layer("low", "file", "low")));
    try (var open = Files.newInputStream(root.resolve("file"))) {
      snapshotter.remove(TASK);
      assertThat(open.read()).isEqualTo('l');
    }
    assertThat(snapshotter.list()).isEmpty();
  }

  @Test
  void aTreeDeeperThanAPathCanBeIsRemoved() throws Exception {
    var outside = Files.writeString(folder.resolve("outside"), "kept");
    var root = snapshotter.mount(TASK, "main", List.of(layer("low", "file", "low")));
    Files.createSymbolicLink(root.resolve("link"), outside);
    var deep = Files.createDirectory(root.resolve("deep"));
    for (int i = 0; i < 10; i++) { // Each puts the whole so far below another 300 folders.
      var top = root.resolve("next");
      var bottom = Files.createDirectories(top.resolve("d/".repeat(300)));
      Files.move(deep, bottom.resolve("deep"));
      Files.move(top, deep);
    }
    snapshotter.remove(TASK);
    assertThat(snapshotter.list()).isEmpty();
    assertThat(outside).hasContent("kept");
  }

  private Path layer(String name, String file, String content) throws IOException {
    var layer = Files.createDirectories(folder.resolve("layers").resolve(name));
    Files.createDirectories(layer.resolve(file).getParent());
    Files.writeString(layer.resolve(file), content);
    Files.writeString(layer.resolve(name.length() > 20 ? "some" : name), "");
    return layer;
  }
}
