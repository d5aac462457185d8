package dev.berth.agent.image;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.agent.Busybox;
import dev.berth.agent.image.layer.TarBuilder;
import dev.berth.agent.image.registry.RegistryCredentials;
import dev.berth.model.image.ImageException;
import dev.berth.model.image.ImageFailure;
import dev.berth.model.image.ImageReference;
import dev.berth.model.image.Platform;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Archives that skopeo wrote, and a registry as Debian ships it. */
class RealToolsTest {
  private static final Path BUSYBOX = Busybox.path();
  private static final int WAIT_ATTEMPTS = 100;

  @TempDir Path base;

  private ImageStore store;
  private Path layout;
  private TestImage image;

  @BeforeEach
  void start() throws IOException {
    byte[] busybox =
        new TarBuilder()
            .directory("bin")
            .owned("bin/busybox", Files.readAllBytes(BUSYBOX), 0755, 0, 0)
            .build();
    image =
        TestImage.of(
            busybox, new TarBuilder().symlink("bin/sh", "busybox").file("etc/motd", "hi").build());
    layout = base.resolve("layout");
    image.writeLayout(layout);
    store = StoreFixture.open(base.resolve("images"));
  }

  @AfterEach
  void stop() throws IOException {
    store.close();
  }

  private void assertWhole(Image loaded) throws IOException {
    assertThat(loaded.config().command()).containsExactly("-c", "true");
    assertThat(loaded.layerDirectories()).hasSize(2);
    assertThat(loaded.layerDirectories().getLast().resolve("etc/motd")).hasContent("hi");
    assertThat(loaded.layerDirectories().getFirst().resolve("bin/busybox"))
        .hasSameBinaryContentAs(BUSYBOX);
  }

  @ParameterizedTest
  @ValueSource(strings = {"docker-archive", "oci-archive"})
  void anArchiveOfSkopeoIsLoadedUnderItsName(String form) throws Exception {
    Path file = base.resolve("image.tar");
    skopeo("copy", "oci:" + layout, form + ":" + file + ":registry.example/team/busybox:1");
    List<ImageStore.Loaded> loaded = store.load(file, Optional.empty(), Platform.LINUX_AMD64);
    assertThat(loaded).hasSize(1);
    assertThat(loaded.getFirst().names())
        .containsExactly(ImageReference.parse("registry.example/team/busybox:1"));
    assertWhole(StoreFixture.resolve(store, "registry.example/team/busybox:1"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "zstd"})
  void aCompressedArchiveIsLoadedUnderAGivenName(String compressor) throws Exception {
    Path file = base.resolve("image.tar");
    skopeo("copy", "oci:" + layout, "docker-archive:" + file);
    run(compressor, "-q", file.toString());
    Path compressed = base.resolve("image.tar" + (compressor.equals("gzip") ? ".gz" : ".zst"));
    assertThatThrownBy(() -> store.load(compressed, Optional.empty(), Platform.LINUX_AMD64))
        .hasMessageContaining("give NAME:TAG");
    store.load(compressed, Optional.of(ImageReference.parse("mine:2")), Platform.LINUX_AMD64);
    assertWhole(StoreFixture.resolve(store, "mine:2"));
    assertThat(store.localNames()).containsKey("docker.io/library/mine:2");
  }

  @Test
  void aLoadedImageIsFoundByItsDigestAfterARestart() throws Exception {
    Path file = base.resolve("image.tar");
    skopeo("copy", "oci:" + layout, "oci-archive:" + file + ":mine:2");
    var loaded = store.load(file, Optional.empty(), Platform.LINUX_AMD64).getFirst();
    assertThat(loaded.manifestDigest()).isEqualTo(image.manifestDigest);
    store.close();
    store = StoreFixture.open(base.resolve("images"), 0);
    assertThat(store.sweep().layerCount()).as("a local name keeps its image").isZero();
    assertWhole(StoreFixture.resolve(store, "mine@" + image.manifestDigest));
    store.release(StoreFixture.OWNER);
    assertThat(store.forgetLocalName(ImageReference.parse("mine:2"))).isTrue();
    assertThat(store.sweep().layerCount()).isEqualTo(2);
  }

  @Test
  void aDamagedArchiveIsRefused() throws Exception {
    for (String form : List.of("docker-archive", "oci-archive")) {
      Path file = base.resolve(form);
      skopeo("copy", "oci:" + layout, form + ":" + file + ":damaged:1");
      byte[] bytes = Files.readAllBytes(file);
      bytes[bytes.length / 2] ^= 1; // In busybox: by far the most of it.
      Files.write(file, bytes);
      assertThatThrownBy(() -> store.load(file, Optional.empty(), Platform.LINUX_AMD64))
          .isInstanceOf(ImageException.class);
      Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
      assertThatThrownBy(() -> store.load(file, Optional.empty(), Platform.LINUX_AMD64))
          .isInstanceOf(ImageException.class);
    }
    Files.writeString(base.resolve("text"), "this is no archive");
    assertThatThrownBy(
            () -> store.load(base.resolve("text"), Optional.empty(), Platform.LINUX_AMD64))
        .isInstanceOf(ImageException.class);
    Path other = Files.write(base.resolve("other.tar"), new TarBuilder().file("a", "b").build());
    assertThatThrownBy(() -> store.load(other, Optional.empty(), Platform.LINUX_AMD64))
        .hasMessageContaining("neither an OCI nor a Docker image archive");
    assertThat(store.localNames()).isEmpty();
  }

  @Test
  void whatSkopeoPushedToARealRegistryIsPulled() throws Exception {
    Path program = Path.of("/usr/bin/docker-registry");
    Assumptions.assumeTrue(Files.isExecutable(program), "docker-registry is installed");
    Path passwords = base.resolve("htpasswd");
    // bcrypt of "secret", made by htpasswd -nbB.
    Files.writeString(passwords, "user:" + BCRYPT_OF_SECRET + "\n");
    int port = freePort();
    Path configuration = base.resolve("registry.yml");
    Files.writeString(
        configuration,
        """
        version: 0.1
        storage: {filesystem: {rootdirectory: %s}}
        http: {addr: "127.0.0.1:%d"}
        auth: {htpasswd: {realm: test, path: %s}}
        """
            .formatted(base.resolve("registry"), port, passwords));
    Process registry =
        new ProcessBuilder(program.toString(), "serve", configuration.toString())
            .redirectErrorStream(true)
            .redirectOutput(base.resolve("registry.log").toFile())
            .start();
    try {
      awaitListening(port, registry);
      String name = "127.0.0.1:" + port + "/team/busybox";
      var credentials = new RegistryCredentials.Password("user", "secret");
      push(name + ":oci");
      push(name + ":docker", "--format", "v2s2");
      push(name + ":zstd", "--dest-compress-format", "zstd");
      assertWhole(StoreFixture.resolve(store, name + ":oci", credentials));
      assertWhole(StoreFixture.resolve(store, name + ":docker", credentials));
      assertWhole(StoreFixture.resolve(store, name + ":zstd", credentials));
      assertThatThrownBy(() -> StoreFixture.resolve(store, name + ":oci"))
          .isInstanceOfSatisfying(
              ImageException.class,
              e -> assertThat(e.failure()).isInstanceOf(ImageFailure.Unauthorized.class));
      assertThatThrownBy(() -> StoreFixture.resolve(store, name + ":none", credentials))
          .isInstanceOfSatisfying(
              ImageException.class,
              e -> assertThat(e.failure()).isInstanceOf(ImageFailure.NotFound.class));
    } finally {
      registry.destroy();
      registry.waitFor();
    }
  }

  private static final String BCRYPT_OF_SECRET =
      "$2y$05$nqqkXLdALFk1lqMnXJ96zuZ99Y1SyzlmrLaoYgsILvO1R1b1bIQ/q";

  private void push(String name, String... options) throws Exception {
    List<String> arguments =
        new ArrayList<>(List.of("copy", "--dest-tls-verify=false", "--dest-creds=user:secret"));
    arguments.addAll(List.of(options));
    arguments.addAll(List.of("oci:" + layout, "docker://" + name));
    skopeo(arguments.toArray(String[]::new));
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static void awaitListening(int port, Process registry) throws Exception {
    for (int attempt = 0; attempt < WAIT_ATTEMPTS; attempt++) {
      assertThat(registry.isAlive()).isTrue();
      try (var _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
        return;
      } catch (IOException e) {
        Thread.sleep(50);
      }
    }
    throw new AssertionError("the registry does not listen");
  }

  private static void skopeo(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("skopeo", "--insecure-policy"));
    command.addAll(Arrays.asList(arguments));
    run(command.toArray(String[]::new));
  }

  private static void run(String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as("%s: %s", List.of(command), output).isZero();
  }
}
