package dev.berth.agent.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.agent.linux.Mounts;
import java.nio.file.Files;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real file systems with a bound. */
final class LoopStorageTest extends BoundedStorageConformance {
  private Optional<LoopStorage> open = Optional.empty();

  @Override
  String full() {
    return "No space left on device";
  }

  @Override
  TaskStorage openAgain() throws Exception {
    open.ifPresent(LoopStorage::close);
    var opened = LoopStorage.open(folder.resolve("links"), folder.resolve("slots"));
    open = Optional.of(opened);
    return opened;
  }

  @Override
  void removeFolder() throws Exception {
    assertThat(folder.resolve("slots")).isEmptyDirectory();
    super.removeFolder();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 20, 21, 200})
  void aTaskHasRoomForAllThatItDeclaredAndLittleMore(int sizeGib) throws Exception {
    storage().reserve(ONE, sizeGib);

    var room = Files.getFileStore(storage().find(ONE).orElseThrow());

    long declared = (long) sizeGib << 30;
    assertThat(room.getUsableSpace()).isBetween(declared, declared + declared / 500 + (4L << 20));
    assertThat(room.getTotalSpace()).isBetween(declared, declared + declared / 500 + (24L << 20));
  }

  @Test
  void aSlotThatIsNotMountedIsThatOfAnotherBoot() throws Exception {
    storage().reserve(ONE, 20);
    var one = storage().find(ONE).orElseThrow();
    open.orElseThrow().close();
    var mountPoint = one.resolve("..").normalize();
    Mounts.unmount(mountPoint);

    reopen();

    assertThat(storage().list()).isEmpty();
    assertThat(mountPoint.resolve("..").normalize()).doesNotExist();
  }
}
