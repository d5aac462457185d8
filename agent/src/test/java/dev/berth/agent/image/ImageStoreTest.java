package dev.berth.agent.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.agent.Busybox;
import dev.berth.agent.image.layer.TarBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageStoreTest {
  private static final byte[] SHARED = new TarBuilder().file("shared", new byte[100_000]).build();

  @TempDir Path base;

  private ScriptedRegistry registry;
  private Path root;

  @BeforeEach
  void start() throws IOException {
    root = base.resolve("images");
    registry = new ScriptedRegistry();
    for (String tag : new String[] {"a", "b"}) {
      registry.with(
          TestImage.of(SHARED, new TarBuilder().file(tag, new byte[50_000]).build()), "app", tag);
    }
  }

  @AfterEach
  void stop() {
    registry.close();
  }

  private Image pull(ImageStore store, String tag) throws IOException {
    return StoreFixture.resolve(store, registry.host() + "/app:" + tag);
  }

  private long layerCount() throws IOException {
    try (var layers = Files.list(root.resolve("layers"))) {
      return layers.count();
    }
  }

  @Test
  void imagesOutliveTheProcess() throws IOException {
    Image pulled;
    try (ImageStore store = StoreFixture.open(root)) {
      pulled = pull(store, "a");
    }
    try (ImageStore store = StoreFixture.open(root)) {
      assertThat(store.find(pulled.manifestDigest())).contains(pulled);
      pull(store, "a");
      assertThat(registry.count("GET", "/blobs/")).isEqualTo(3);
    }
  }

  @Test
  void twoStoresOfOneDirectoryAreRefused() throws IOException {
    ImageStore store = StoreFixture.open(root);
    assertThatThrownBy(() -> StoreFixture.open(root)).isInstanceOf(IOException.class);
    store.close();
    StoreFixture.open(root).close();
  }

  @Test
  void leasedImagesAreNeverSweptAndOthersOnlyOverTheBudget() throws IOException {
    try (ImageStore store = StoreFixture.open(root, 0)) {
      Image a = pull(store, "a");
      assertThat(store.sweep().layerCount()).isZero();
      store.release(StoreFixture.OWNER);
      Image b = pull(store, "b");
      assertThat(store.sweep().layerCount()).as("only what a alone had").isEqualTo(1);
      assertThat(store.find(a.manifestDigest())).isEmpty();
      assertThat(store.lease(a.manifestDigest(), StoreFixture.OWNER)).isFalse();
      assertThat(b.layerDirectories()).allSatisfy(directory -> assertThat(directory).exists());
      store.release(StoreFixture.OWNER);
      ImageStore.Swept swept = store.sweep();
      assertThat(swept.layerCount()).isEqualTo(2);
      assertThat(swept.bytesLeft()).isZero();
      assertThat(layerCount()).isZero();
      assertThat(pull(store, "a").layerDirectories()).hasSize(2);
    }
    try (ImageStore store = StoreFixture.open(root)) {
      pull(store, "b");
      store.release(StoreFixture.OWNER);
      assertThat(store.sweep().layerCount()).as("within the budget").isZero();
    }
  }

  @Test
  void theLongestUnusedImageGoesFirst() throws IOException {
    try (ImageStore store = StoreFixture.open(root, 180_000)) {
      Image a = pull(store, "a");
      Image b = pull(store, "b");
      pull(store, "a");
      store.release(StoreFixture.OWNER);
      assertThat(store.sweep().layerCount()).isEqualTo(1);
      assertThat(store.find(a.manifestDigest())).isPresent();
      assertThat(store.find(b.manifestDigest())).isEmpty();
    }
  }

  @Test
  void leasesOutliveTheProcess() throws IOException {
    Image a;
    try (ImageStore store = StoreFixture.open(root, 0)) {
      a = pull(store, "a");
    }
    try (ImageStore store = StoreFixture.open(root, 0)) {
      assertThat(store.sweep().layerCount()).isZero();
      assertThat(store.find(a.manifestDigest())).isPresent();
      assertThat(store.owners()).containsExactly(StoreFixture.OWNER);
      store.release(StoreFixture.OWNER);
      assertThat(store.owners()).isEmpty();
      assertThat(store.sweep().layerCount()).isEqualTo(2);
    }
    try (var leases = Files.list(root.resolve("leases"))) {
      assertThat(leases).isEmpty();
    }
  }

  @Test
  void whatAKilledProcessLeftIsSwept() throws IOException {
    try (ImageStore store = StoreFixture.open(root)) {
      pull(store, "a");
    }
    Path staged = Files.createDirectories(root.resolve("staging/x/fs/deep/er"));
    Files.writeString(staged.resolve("file"), "half");
    Files.writeString(root.resolve("staging/y"), "half");
    StoreFixture.open(root).close();
    try (var left = Files.list(root.resolve("staging"))) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void aTreeDeeperThanAnyPathIsRemoved() throws Exception {
    Path area = Files.createDirectories(root.resolve("staging"));
    Path tree = Files.createDirectory(area.resolve("tree"));
    String make =
        "cd " + tree + "; for i in $(seq 60); do mkdir $0 && cd -P $0 && echo x >f || exit 1; done";
    // Each step is relative, so that the whole path may pass what one call takes.
    Process shell =
        new ProcessBuilder(Busybox.path().toString(), "sh", "-c", make, "d".repeat(200))
            .inheritIO()
            .start();
    shell.waitFor();
    new StagingArea(area).remove(tree);
    assertThat(area).isEmptyDirectory();
  }

  @Test
  void aLayerOfAnotherBootIsBelievedOnlyIfItWasSynced() throws IOException {
    Image a;
    try (ImageStore store = StoreFixture.open(root)) {
      a = pull(store, "a");
    }
    try (var layers = Files.list(root.resolve("layers"))) {
      for (Path layer : layers.toList()) {
        assertThat(layer.resolve("durable")).exists();
        String record = Files.readString(layer.resolve("layer.json"));
        Files.writeString(
            layer.resolve("layer.json"),
            record.replaceAll("\"bootId\":\"[^\"]*\"", "\"bootId\":\"other\""));
      }
    }
    try (ImageStore store = StoreFixture.open(root)) {
      assertThat(store.find(a.manifestDigest())).isPresent();
    }
    Files.delete(a.layerDirectories().getFirst().resolveSibling("durable"));
    try (ImageStore store = StoreFixture.open(root)) {
      assertThat(store.find(a.manifestDigest())).isEmpty();
      assertThat(layerCount()).isEqualTo(1);
      assertThat(pull(store, "a").layerDirectories()).hasSize(2);
    }
  }
}
