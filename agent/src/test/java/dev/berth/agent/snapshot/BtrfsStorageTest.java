package dev.berth.agent.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.agent.linux.Btrfs;
import dev.berth.agent.linux.Mounts;
import dev.berth.agent.linux.TreeRemoval;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Subvolumes of a real btrfs with quotas, in a file. */
final class BtrfsStorageTest extends BoundedStorageConformance {
  private static final long DISK_BYTES = 8L << 30;
  private Path disk = Path.of("");

  @Override
  String full() {
    return "Disk quota exceeded";
  }

  @Override
  Path makeFolder() throws Exception {
    disk = Files.createTempDirectory("berth-test-").toRealPath();
    Path image = disk.resolve("image");
    try (var file = new RandomAccessFile(image.toFile(), "rw")) {
      file.setLength(DISK_BYTES);
    }
    HostCommand.run("no btrfs was made", List.of("mkfs.btrfs", "-q", image.toString()));
    Path mounted = Files.createDirectory(disk.resolve("mounted"));
    HostCommand.run(
        "no btrfs was mounted",
        List.of("mount", "-o", "loop,noatime", image.toString(), mounted.toString()));
    assertThat(Btrfs.hasQuota(mounted)).isFalse();
    assertThatThrownBy(() -> BtrfsStorage.open(mounted.resolve("tasks")))
        .hasMessageContaining("btrfs quota enable");
    HostCommand.run("no quotas", List.of("btrfs", "quota", "enable", mounted.toString()));
    return mounted;
  }

  @Override
  boolean isTasks(Path target) {
    return target.startsWith(folder) && !target.equals(folder);
  }

  @Override
  void removeFolder() throws Exception {
    Mounts.unmount(folder);
    TreeRemoval.remove(disk);
  }

  @Override
  TaskStorage openAgain() throws Exception {
    return BtrfsStorage.open(folder.resolve("tasks"));
  }

  @Test
  void aHalfMadeOneIsMadeWhole() throws Exception {
    Btrfs.create(folder.resolve("tasks").resolve(ONE.value()));
    reopen();
    storage().reserve(ONE, 1);
    var one = storage().find(ONE).orElseThrow();
    assertThatThrownBy(() -> allocate("1200M", one.resolve("big"))).hasMessageContaining(full());
  }

  @Test
  void aSubvolumeInATasksFolderGoesWithIt() throws Exception {
    storage().reserve(ONE, 1);
    Path inner = storage().find(ONE).orElseThrow().resolve("inner");
    Btrfs.create(inner);
    Files.writeString(inner.resolve("file"), "text");
    storage().remove(ONE);
    assertThat(storage().list()).isEmpty();
    assertThat(folder.resolve("tasks")).isEmptyDirectory();
  }

  @Test
  void aPlainFolderFromBeforeIsKeptAndRemoved() throws Exception {
    Path plain = Files.createDirectory(folder.resolve("tasks").resolve(ONE.value()));
    Files.writeString(plain.resolve("file"), "kept");
    reopen();
    storage().reserve(ONE, 1);
    assertThat(storage().usedBytes(ONE)).isEmpty();
    assertThat(plain.resolve("file")).hasContent("kept");
    storage().remove(ONE);
    assertThat(storage().list()).isEmpty();
  }

  @Test
  void itWaitsForTasksThatHaveAFileSystemOfTheirOwn() throws Exception {
    Path link = folder.resolve("tasks").resolve(ONE.value());
    Files.createSymbolicLink(link, folder);
    assertThatThrownBy(this::openAgain).hasMessageContaining("until its end");
    Files.delete(link);
  }

  @Test
  void aDiskOfAnotherKindIsNamed() {
    assertThatThrownBy(() -> BtrfsStorage.open(disk.resolve("tasks")))
        .hasMessageContaining("is on no btrfs");
  }
}
