package dev.berth.agent.image.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.model.image.Digest;
import dev.berth.model.image.ImageException;
import dev.berth.model.image.ImageFailure;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Layers by somebody who wants out of the layer's directory, or to fill the host. */
class HostileLayerTest {
  @TempDir Path around;

  private LayerFixture layer;

  @BeforeEach
  void makeLayer() throws IOException {
    layer = new LayerFixture(around);
  }

  @AfterEach
  void nothingEscaped() throws IOException {
    layer.assertNothingEscaped();
  }

  private void assertRefused(TarBuilder tar) {
    assertRefused(tar, ImageFailure.LayerRefused.class);
  }

  private void assertRefused(TarBuilder tar, Class<? extends ImageFailure> why) {
    assertThatThrownBy(() -> layer.unpack(tar.build()))
        .isInstanceOfSatisfying(
            ImageException.class, e -> assertThat(e.failure()).isInstanceOf(why));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../escape",
        "a/../../escape",
        "a/..",
        "..",
        "./../victim/canary",
        "/../victim/canary"
      })
  void aNameWithDotDotIsRefused(String name) {
    assertRefused(new TarBuilder().file(name, "x"));
    assertRefused(new TarBuilder().directory(name));
    assertRefused(new TarBuilder().symlink(name, "x"));
    assertRefused(new TarBuilder().file("x", "x").hardLink(name, "x"));
    assertRefused(
        new TarBuilder().pax(Map.of("path", name.getBytes(StandardCharsets.UTF_8))).file("x", ""));
  }

  @Test
  void anAbsoluteNameLandsInTheLayer() throws IOException {
    layer.unpack(new TarBuilder().file("/berth-escape", "x").file("//a//b", "y").build());
    assertThat(layer.root.resolve("berth-escape")).hasContent("x");
    assertThat(layer.root.resolve("a/b")).hasContent("y");
  }

  @Test
  void writingThroughAnAbsoluteSymlinkStaysInTheLayer() throws IOException {
    String victim = around.resolve("victim").toString();
    assertRefused(new TarBuilder().symlink("out", victim).file("out/canary", "pwned"));
  }

  @Test
  void writingThroughARelativeSymlinkStaysInTheLayer() throws IOException {
    var tar =
        new TarBuilder().directory("victim").symlink("a", "../../../victim").file("a/canary", "x");
    layer.unpack(tar.build());
    assertThat(layer.root.resolve("victim/canary")).hasContent("x");
  }

  @Test
  void writingThroughASymlinkWithinTheLayerWorksAsItDoesForDocker() throws IOException {
    var tar =
        new TarBuilder()
            .directory("usr/lib")
            .symlink("lib", "usr/lib")
            .symlink("abs", "/usr/lib")
            .file("lib/one", "1")
            .file("abs/two", "2");
    layer.unpack(tar.build());
    assertThat(layer.root.resolve("usr/lib/one")).hasContent("1");
    assertThat(layer.root.resolve("usr/lib/two")).hasContent("2");
  }

  @Test
  void aFileOverASymlinkReplacesTheLinkAndNotItsTarget() throws IOException {
    String canary = around.resolve("canary").toString();
    layer.unpack(new TarBuilder().symlink("a", canary).file("a", "x").build());
    assertThat(Files.isRegularFile(layer.root.resolve("a"), LinkOption.NOFOLLOW_LINKS)).isTrue();
  }

  @Test
  void aDirectoryOverASymlinkIsNotTheTarget() throws IOException {
    String victim = around.resolve("victim").toString();
    layer.unpack(
        new TarBuilder()
            .symlink("a", victim)
            .header("a", '5', "", 0, 0)
            .file("a/canary", "x")
            .build());
    assertThat(layer.root.resolve("a/canary")).hasContent("x");
  }

  @Test
  void aSymlinkLoopIsRefused() {
    assertRefused(new TarBuilder().symlink("a", "b").symlink("b", "a").file("a/x", "x"));
  }

  @Test
  void aLinkIntoProcIsNoWayOut() {
    assertRefused(new TarBuilder().symlink("a", "/proc/self/root").file("a/berth-escape", "x"));
  }

  @Test
  void aHardLinkToTheOutsideIsRefused() {
    String canary = around.resolve("canary").toString();
    assertRefused(new TarBuilder().hardLink("a", canary));
    assertRefused(new TarBuilder().hardLink("a", "../../canary"));
    assertRefused(new TarBuilder().symlink("d", around.toString()).hardLink("a", "d/canary"));
    assertRefused(new TarBuilder().hardLink("a", "/"));
    assertRefused(new TarBuilder().file("a", "x").hardLink("a", "a"));
  }

  @Test
  void aHardLinkToASymlinkIsTheLinkItself() throws IOException {
    String canary = around.resolve("canary").toString();
    layer.unpack(new TarBuilder().symlink("s", canary).hardLink("h", "s").file("h", "x").build());
    assertThat(layer.root.resolve("h")).hasContent("x");
  }

  @Test
  void aWhiteoutThroughASymlinkStaysInTheLayer() throws IOException {
    assertRefused(
        new TarBuilder()
            .symlink("d", around.resolve("victim").toString())
            .file("d/.wh.canary", ""));
    assertRefused(
        new TarBuilder()
            .symlink("d", around.resolve("victim").toString())
            .file("d/.wh..wh..opq", ""));
  }

  @ParameterizedTest
  @ValueSource(strings = {".wh.", ".wh..", ".wh...", "a/.wh..."})
  void aWhiteoutOfNoNameIsRefused(String name) {
    assertRefused(new TarBuilder().file(name, ""));
  }

  @Test
  void aDeviceNodeIsNotMade() throws IOException {
    layer.unpack(
        new TarBuilder().directory("dev").device("dev/sda", 8, 0).device("gone", 0, 0).build());
    assertThat(layer.root.resolve("dev")).isEmptyDirectory();
    assertThat(layer.root.resolve("gone")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "trusted.overlay.opaque",
        "trusted.overlay.redirect",
        "trusted.overlay.metacopy",
        "trusted.x",
        "user.overlay.opaque"
      })
  void anAttributeForOverlayfsIsRefused(String name) {
    var attribute = Map.of("SCHILY.xattr." + name, "y".getBytes(StandardCharsets.UTF_8));
    assertRefused(new TarBuilder().pax(attribute).file("a", "x"));
    assertRefused(new TarBuilder().pax(attribute).directory("d"));
  }

  @Test
  void labelsOfAnotherMachineAreLeftOut() throws IOException {
    var attribute =
        Map.of("SCHILY.xattr.security.selinux", "system_u".getBytes(StandardCharsets.UTF_8));
    layer.unpack(new TarBuilder().pax(attribute).file("a", "x").build());
    assertThat(LayerFixture.attribute(layer.root.resolve("a"), "security.selinux")).isEmpty();
  }

  @Test
  void aBombIsStoppedByItsRatio() throws IOException {
    byte[] tar = new TarBuilder().file("zeros", new byte[32 << 20]).build();
    assertThatThrownBy(() -> layer.unpack(gzip(tar), tar, LayerFixture.LIMITS))
        .isInstanceOfSatisfying(
            ImageException.class,
            e -> assertThat(e.failure()).isInstanceOf(ImageFailure.TooLarge.class));
  }

  @Test
  void aLargeLayerIsStoppedByItsLength() {
    var limits = new LayerLimits(1 << 20, 1000, 1000, 1 << 30);
    byte[] tar = new TarBuilder().file("zeros", new byte[2 << 20]).build();
    assertThatThrownBy(() -> layer.unpack(tar, tar, limits))
        .isInstanceOfSatisfying(
            ImageException.class,
            e -> assertThat(e.failure()).isInstanceOf(ImageFailure.TooLarge.class));
  }

  @Test
  void tooManyEntriesAreRefusedWithTheDirectoriesTheyImply() {
    var many = new TarBuilder();
    for (int i = 0; i < 1001; i++) {
      many.file("f" + i, "");
    }
    assertRefused(many, ImageFailure.TooLarge.class);
    var deep = new TarBuilder();
    for (int i = 0; i < 12; i++) {
      deep.pax(Map.of("path", ("p" + i + "/d".repeat(100) + "/f").getBytes(StandardCharsets.UTF_8)))
          .file("f", "");
    }
    assertRefused(deep, ImageFailure.TooLarge.class);
  }

  @Test
  void aSparseFileTakesOnlyItsDataHoweverLongItClaimsToBe() throws IOException {
    byte[] data = "data".getBytes(StandardCharsets.UTF_8);
    var tar =
        new TarBuilder()
            .pax(
                Map.of(
                    "GNU.sparse.size", "1099511627776".getBytes(StandardCharsets.UTF_8),
                    "GNU.sparse.map", "1000,4".getBytes(StandardCharsets.UTF_8)))
            .file("sparse", data);
    layer.unpack(tar.build());
    assertThat(Files.size(layer.root.resolve("sparse"))).isEqualTo(1L << 40);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0,5",
        "-1,4",
        "8,4",
        "0,2,1,2",
        "0",
        "0,9223372036854775807",
        "9223372036854775807,4",
        ",",
        "x,y"
      })
  void aSparseMapThatLiesIsRefused(String map) {
    assertRefused(
        new TarBuilder()
            .pax(
                Map.of(
                    "GNU.sparse.size", "10".getBytes(StandardCharsets.UTF_8),
                    "GNU.sparse.map", map.getBytes(StandardCharsets.UTF_8)))
            .file("sparse", "data"));
  }

  @Test
  void aLongHeaderIsRefusedBeforeItIsRead() {
    assertRefused(new TarBuilder().header("x", 'x', "", 0644, 1L << 32));
    assertRefused(new TarBuilder().header("x", 'L', "", 0644, 1L << 32));
    assertRefused(
        new TarBuilder().pax(Map.of("size", "-5".getBytes(StandardCharsets.UTF_8))).file("a", ""));
    assertRefused(
        new TarBuilder()
            .pax(Map.of("size", "9223372036854775807".getBytes(StandardCharsets.UTF_8)))
            .file("a", ""));
  }

  @Test
  void anOwnerThatMeansUnchangedIsRefused() {
    assertRefused(
        new TarBuilder()
            .pax(Map.of("uid", "4294967295".getBytes(StandardCharsets.UTF_8)))
            .file("a", ""));
  }

  @Test
  void whatIsNoLayerIsRefused() {
    byte[] noise = new byte[2048];
    java.util.Arrays.fill(noise, (byte) 'x');
    assertRefused(new TarBuilder().raw(noise));
    assertRefused(new TarBuilder().raw(new byte[] {0x1f, (byte) 0x8b, 1, 2, 3}));
    assertRefused(new TarBuilder().raw(new byte[] {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd, 3}));
    assertRefused(new TarBuilder().header("x", 'Z', "", 0644, 0));
  }

  @Test
  void aCutStreamIsRefused() throws IOException {
    byte[] tar = new TarBuilder().file("a", new byte[10_000]).build();
    byte[] cut = java.util.Arrays.copyOf(tar, 5000);
    assertThatThrownBy(() -> layer.unpack(cut)).isInstanceOf(ImageException.class);
    byte[] zipped = gzip(tar);
    byte[] cutZip = java.util.Arrays.copyOf(zipped, zipped.length - 12);
    assertThatThrownBy(
            () ->
                new LayerFixture(Files.createTempDirectory(around, "again"))
                    .unpack(cutZip, tar, LayerFixture.LIMITS))
        .isInstanceOf(ImageException.class);
    deleteAgain();
  }

  private void deleteAgain() throws IOException {
    try (var again = Files.newDirectoryStream(around, "again*")) {
      for (Path path : again) {
        try (var tree = Files.walk(path)) {
          for (Path each : tree.sorted(java.util.Comparator.reverseOrder()).toList()) {
            Files.delete(each);
          }
        }
      }
    }
  }

  @Test
  void anotherDiffIdIsRefused() {
    byte[] tar = new TarBuilder().file("a", "x").build();
    assertThatThrownBy(
            () ->
                LayerUnpacker.unpack(
                    new ByteArrayInputStream(tar),
                    layer.root,
                    layer.root.resolveSibling("replaced"),
                    Digest.of(new byte[0]),
                    LayerFixture.LIMITS))
        .isInstanceOfSatisfying(
            ImageException.class,
            e -> assertThat(e.failure()).isInstanceOf(ImageFailure.ContentMismatch.class));
  }

  static byte[] gzip(byte[] plain) throws IOException {
    var out = new ByteArrayOutputStream();
    try (var zip = new GZIPOutputStream(out)) {
      zip.write(plain);
    }
    return out.toByteArray();
  }
}
