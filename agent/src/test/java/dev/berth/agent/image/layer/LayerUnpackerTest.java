package dev.berth.agent.image.layer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LayerUnpackerTest {
  @TempDir Path around;

  private LayerFixture layer;

  @BeforeEach
  void makeLayer() throws IOException {
    layer = new LayerFixture(around);
  }

  private Object unix(String name, String attribute) throws IOException {
    return Files.getAttribute(
        layer.root.resolve(name), "unix:" + attribute, LinkOption.NOFOLLOW_LINKS);
  }

  private static boolean isWhiteout(Path path) throws IOException {
    int mode = (int) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
    long device = (long) Files.getAttribute(path, "unix:rdev", LinkOption.NOFOLLOW_LINKS);
    return (mode & 0170000) == 0020000 && device == 0;
  }

  @Test
  void modesOwnersAndTimesAreKept() throws IOException {
    layer.unpack(
        new TarBuilder()
            .directory("d")
            .owned("d/su", "x".getBytes(UTF_8), 04755, 1234, 1_600_000_000)
            .pax(
                Map.of(
                    "mtime",
                    "1600000000.123456789".getBytes(UTF_8),
                    "uid",
                    "3000000".getBytes(UTF_8)))
            .file("d/fine", "y")
            .fifo("d/pipe")
            .header("d", '5', "", 01770, 0)
            .build());
    assertThat((int) unix("d/su", "mode") & 07777).isEqualTo(04755);
    assertThat(unix("d/su", "uid")).isEqualTo(1234);
    assertThat(unix("d/su", "gid")).isEqualTo(1234);
    assertThat(Files.getLastModifiedTime(layer.root.resolve("d/su")))
        .isEqualTo(FileTime.fromMillis(1_600_000_000_000L));
    assertThat(unix("d/fine", "uid")).isEqualTo(3_000_000);
    assertThat(Files.getLastModifiedTime(layer.root.resolve("d/fine")))
        .isEqualTo(FileTime.from(Instant.ofEpochSecond(1_600_000_000, 123_456_789)));
    assertThat((int) unix("d/pipe", "mode") & 0170777).isEqualTo(0010622);
    assertThat((int) unix("d", "mode") & 07777).isEqualTo(01770);
    assertThat(Files.getLastModifiedTime(layer.root.resolve("d")))
        .isEqualTo(FileTime.fromMillis(0));
  }

  @Test
  void namesAreBytes() throws IOException {
    String name = "caf\u00e9-\u00ff"; // Latin-1 bytes, which are no UTF-8.
    layer.unpack(new TarBuilder().file(name, "x").symlink("l", name).build());
    assertThat(layer.root.resolve("l")).hasContent("x");
  }

  @Test
  void binaryAttributesAreKept() throws IOException {
    byte[] capability = {
      1, 0, 0, 2, (byte) 0xff, 4, 0, (byte) 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0
    };
    layer.unpack(
        new TarBuilder()
            .pax(
                Map.of(
                    "SCHILY.xattr.security.capability",
                    capability,
                    "SCHILY.xattr.user.note",
                    new byte[] {'\n', 0, '='}))
            .owned("ping", "x".getBytes(UTF_8), 0755, 7, 0)
            .build());
    assertThat(LayerFixture.attribute(layer.root.resolve("ping"), "security.capability"))
        .contains(capability);
    assertThat(LayerFixture.attribute(layer.root.resolve("ping"), "user.note"))
        .contains(new byte[] {'\n', 0, '='});
  }

  @Test
  void hardLinksShareAnInode() throws IOException {
    layer.unpack(
        new TarBuilder()
            .file("a", "x")
            .directory("d")
            .hardLink("d/b", "a")
            .hardLink("c", "/d/b")
            .build());
    assertThat(unix("d/b", "ino")).isEqualTo(unix("a", "ino")).isEqualTo(unix("c", "ino"));
  }

  @Test
  void aWhiteoutBecomesOverlayfs() throws IOException {
    layer.unpack(
        new TarBuilder()
            .file("d/.wh.gone", "")
            .file("o/.wh..wh..opq", "")
            .file("o/new", "x")
            .file(".wh..wh.plnk", "")
            .build());
    assertThat(isWhiteout(layer.root.resolve("d/gone"))).isTrue();
    assertThat(LayerFixture.attribute(layer.root.resolve("o"), "trusted.overlay.opaque"))
        .contains("y".getBytes(UTF_8));
    assertThat(layer.root.resolve("o")).isDirectoryNotContaining("glob:**.wh.*");
    assertThat(layer.root.resolve(".wh..wh.plnk")).doesNotExist();
  }

  @Test
  void aWhiteoutDoesNotHideWhatItsOwnLayerHas() throws IOException {
    layer.unpack(
        new TarBuilder()
            .file("early", "1")
            .file(".wh.early", "")
            .file(".wh.late", "")
            .file("late", "2")
            .file(".wh.tree", "")
            .directory("tree")
            .file(".wh.implied", "")
            .file("implied/new", "3")
            .directory("kept")
            .file(".wh.kept", "")
            .build());
    assertThat(layer.root.resolve("early")).hasContent("1");
    assertThat(layer.root.resolve("late")).hasContent("2");
    assertThat(layer.root.resolve("implied/new")).hasContent("3");
    assertThat(LayerFixture.attribute(layer.root.resolve("implied"), "trusted.overlay.opaque"))
        .isPresent();
    // What lower layers have in these directories is hidden all the same.
    assertThat(LayerFixture.attribute(layer.root.resolve("tree"), "trusted.overlay.opaque"))
        .isPresent();
    assertThat(LayerFixture.attribute(layer.root.resolve("kept"), "trusted.overlay.opaque"))
        .isPresent();
  }

  @Test
  void theLastEntryOfANameWins() throws IOException {
    layer.unpack(
        new TarBuilder()
            .file("a", "old")
            .file("a", "new")
            .file("f", "file")
            .directory("f")
            .file("f/inside", "1")
            .file("d/x/y/z", "tree")
            .file("d", "file")
            .directory("m")
            .file("m/kept", "2")
            .directory("m")
            .symlink("s", "a")
            .symlink("s", "m")
            .build());
    assertThat(layer.root.resolve("a")).hasContent("new");
    assertThat(layer.root.resolve("f/inside")).hasContent("1");
    assertThat(layer.root.resolve("d")).hasContent("file");
    assertThat(layer.root.resolve("s/kept")).hasContent("2");
  }

  @Test
  void aReplacedDirectoryTakesItsOpenDescriptorsWithIt() throws IOException {
    layer.unpack(
        new TarBuilder()
            .file("d/x/one", "1")
            .file("d", "gone")
            .directory("d")
            .file("d/x/two", "2")
            .build());
    assertThat(layer.root.resolve("d/x"))
        .isDirectoryContaining("glob:**/two")
        .isDirectoryNotContaining("glob:**/one");
  }

  @Test
  void everyCompressionUnpacksToTheSame() throws IOException {
    byte[] tar = new TarBuilder().file("a", "hello".repeat(1000)).build();
    var members = new ByteArrayOutputStream(); // As pigz and stargz write.
    members.writeBytes(HostileLayerTest.gzip(java.util.Arrays.copyOf(tar, 700)));
    members.writeBytes(HostileLayerTest.gzip(java.util.Arrays.copyOfRange(tar, 700, tar.length)));
    for (byte[] form :
        List.of(tar, HostileLayerTest.gzip(tar), Zstd.compress(tar), members.toByteArray())) {
      Path each = Files.createTempDirectory(around, "form");
      var fixture = new LayerFixture(each);
      assertThat(fixture.unpack(form, tar, LayerFixture.LIMITS).bytes()).isEqualTo(5000);
      assertThat(fixture.root.resolve("a")).hasContent("hello".repeat(1000));
    }
  }

  @Test
  void manyFoldersAtOnceNeedNoMoreDescriptorsThanAreKept() throws IOException {
    var tar = new TarBuilder();
    for (int round = 0; round < 3; round++) {
      for (int i = 0; i < 100; i++) {
        tar.file("d" + i + "/f" + round, "x");
      }
    }
    assertThat(layer.unpack(tar.build()).entryCount()).isEqualTo(300);
    try (var files = Files.walk(layer.root)) {
      assertThat(files.filter(Files::isRegularFile).count()).isEqualTo(300);
    }
  }

  /** The formats that GNU tar writes, from a tree with long names, holes, links and odd modes. */
  @Test
  void whatGnuTarPacksComesOutTheSame() throws Exception {
    Path tree = Files.createDirectory(around.resolve("tree"));
    String deep = ("directory-" + "n".repeat(80) + "/").repeat(4);
    Files.createDirectories(tree.resolve(deep));
    Files.writeString(tree.resolve(deep + "file-" + "m".repeat(120)), "deep");
    Files.createSymbolicLink(tree.resolve("link"), Path.of("t".repeat(300)));
    try (var file = new java.io.RandomAccessFile(tree.resolve("holes").toFile(), "rw")) {
      for (int i = 0; i < 30; i++) { // More parts than one old GNU header block holds.
        file.seek(i * 1_000_000L);
        file.write(("part " + i).getBytes(UTF_8));
      }
      file.setLength(40_000_000);
    }
    for (List<String> format :
        List.of(
            List.of("--format=gnu"),
            List.of("--format=gnu", "--sparse"),
            List.of("--format=posix"),
            List.of("--format=posix", "--sparse", "--sparse-version=0.0"),
            List.of("--format=posix", "--sparse", "--sparse-version=0.1"),
            List.of("--format=posix", "--sparse", "--sparse-version=1.0"))) {
      Path archive = Files.createTempFile(around, "gnu", ".tar");
      run(tree, "tar", format, archive);
      byte[] tar = Files.readAllBytes(archive);
      var fixture = new LayerFixture(Files.createTempDirectory(around, "out"));
      fixture.unpack(tar, tar, LayerFixture.LIMITS);
      Process diff =
          new ProcessBuilder(
                  "diff", "-r", "--no-dereference", tree.toString(), fixture.root.toString())
              .redirectErrorStream(true)
              .start();
      assertThat(new String(diff.getInputStream().readAllBytes(), UTF_8))
          .as("%s", format)
          .isEmpty();
      assertThat(diff.waitFor()).isZero();
      if (format.contains("--sparse")) {
        assertThat(Files.size(archive)).isLessThan(1_000_000);
      }
    }
  }

  private static void run(Path tree, String tar, List<String> format, Path archive)
      throws Exception {
    List<String> command = new java.util.ArrayList<>(List.of(tar, "-C", tree.toString()));
    command.addAll(format);
    command.addAll(List.of("-cf", archive.toString(), "."));
    Process process = new ProcessBuilder(command).inheritIO().start();
    assertThat(process.waitFor()).isZero();
  }
}
