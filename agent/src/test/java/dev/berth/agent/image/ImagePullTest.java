package dev.berth.agent.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.berth.agent.image.layer.TarBuilder;
import dev.berth.agent.image.registry.RegistryCredentials;
import dev.berth.model.image.Digest;
import dev.berth.model.image.ImageException;
import dev.berth.model.image.ImageFailure;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pulls from registries that break, lie and attack. */
class ImagePullTest {
  private static final byte[] LOWER =
      new TarBuilder().file("bin/sh", "shell").file("both", "lower").build();
  private static final byte[] UPPER = new TarBuilder().file("both", "upper").build();

  @TempDir Path base;

  private ScriptedRegistry registry;
  private ImageStore store;
  private TestImage image;

  @BeforeEach
  void start() throws IOException {
    image = TestImage.of(LOWER, UPPER);
    registry = new ScriptedRegistry().with(image, "app", "1");
    store = StoreFixture.open(base.resolve("images"));
  }

  @AfterEach
  void stop() throws IOException {
    store.close();
    registry.close();
  }

  private String name(String rest) {
    return registry.host() + "/app" + rest;
  }

  private void assertFails(Class<? extends ImageFailure> why) throws IOException {
    assertThatThrownBy(() -> StoreFixture.resolve(store, name(":1")))
        .isInstanceOfSatisfying(
            ImageException.class, e -> assertThat(e.failure()).isInstanceOf(why))
        .hasMessageStartingWith("CannotPullContainerError: ");
    try (var staged = Files.list(base.resolve("images/staging"))) {
      assertThat(staged).as("nothing half-made is left").isEmpty();
    }
  }

  @Test
  void aPulledImageHasItsLayersLowestFirstAndItsConfiguration() throws IOException {
    Image pulled = StoreFixture.resolve(store, name(":1"));
    assertThat(pulled.manifestDigest()).isEqualTo(image.manifestDigest);
    assertThat(pulled.layerDirectories()).hasSize(2);
    assertThat(pulled.layerDirectories().getLast().resolve("both")).hasContent("upper");
    assertThat(pulled.layerDirectories().getFirst().resolve("bin/sh")).hasContent("shell");
    assertThat(pulled.config().environment())
        .containsExactly(Map.entry("PATH", "/bin"), Map.entry("A", "b=c"));
    assertThat(pulled.config().entryPoint()).containsExactly("/bin/sh");
    assertThat(pulled.config().user()).contains("7:8");
    assertThat(pulled.config().stopSignal()).contains("SIGINT");
    assertThat(pulled.description().exposedPorts()).containsExactly("80/tcp");
    assertThat(pulled.description().healthCheck().orElseThrow().interval()).hasSeconds(5);
  }

  @Test
  void aDigestThatIsHereNeedsNoRegistry() throws IOException {
    Image pulled = StoreFixture.resolve(store, name(":1"));
    int before = registry.seen.size();
    assertThat(StoreFixture.resolve(store, name("@" + image.manifestDigest))).isEqualTo(pulled);
    assertThat(registry.seen).hasSize(before);
  }

  @Test
  void aTagIsAskedForEachTimeAndAnUnchangedImageIsNotFetchedAgain() throws IOException {
    StoreFixture.resolve(store, name(":1"));
    StoreFixture.resolve(store, name(":1"));
    assertThat(registry.count("HEAD", "manifests/1")).isEqualTo(2);
    assertThat(registry.count("GET", "/blobs/")).isEqualTo(3);
    TestImage next = TestImage.of(LOWER, new TarBuilder().file("both", "newer").build());
    registry.with(next, "app", "1");
    Image moved = StoreFixture.resolve(store, name(":1"));
    assertThat(moved.manifestDigest()).isEqualTo(next.manifestDigest);
    assertThat(registry.count("GET", image.layerBlobs.getFirst().toString()))
        .as("shared layer")
        .isEqualTo(1);
  }

  @Test
  void aRepeatedLayerIsMountedOnce() throws IOException {
    registry.with(TestImage.of(UPPER, LOWER, UPPER), "app", "1");
    Image pulled = StoreFixture.resolve(store, name(":1"));
    assertThat(pulled.layerDirectories()).hasSize(2);
    assertThat(pulled.layerDirectories().getLast().resolve("both")).hasContent("upper");
  }

  @Test
  void anIndexGivesThePlatformsImage() throws IOException {
    TestImage arm = TestImage.of("arm64", UPPER);
    var platforms = new LinkedHashMap<String, TestImage>();
    platforms.put("unknown/unknown", TestImage.of("unknown", LOWER));
    platforms.put("linux/arm64", arm);
    platforms.put("linux/amd64", image);
    byte[] index = TestImage.index(platforms);
    registry.manifest("app", "1", index);
    registry.manifest("app", "only-amd64", image.manifest);
    Image pulled = StoreFixture.resolve(store, name(":1"));
    assertThat(pulled.manifestDigest()).isEqualTo(image.manifestDigest);
    int before = registry.seen.size();
    assertThat(StoreFixture.resolve(store, name("@" + Digest.of(index)))).isEqualTo(pulled);
    assertThat(registry.seen).hasSize(before);
  }

  @Test
  void anImageForAnotherPlatformIsRefused() throws IOException {
    TestImage arm = TestImage.of("arm64", UPPER);
    registry.with(arm, "app", "1");
    assertFails(ImageFailure.NoMatchingPlatform.class);
    registry.manifest("app", "1", TestImage.index(Map.of("linux/arm64", arm)));
    assertFails(ImageFailure.NoMatchingPlatform.class);
  }

  @Test
  void aTokenIsFetchedOnceWithTheCredentials() throws IOException {
    requireToken(registry.host());
    var credentials = new RegistryCredentials.Password("user", "secret");
    StoreFixture.resolve(store, name(":1"), credentials);
    assertThat(registry.count("GET", "/token")).isEqualTo(1);
    assertThatThrownBy(() -> StoreFixture.resolve(store, name(":1")))
        .as("the next one has no use of that token")
        .isInstanceOfSatisfying(
            ImageException.class,
            e -> assertThat(e.failure()).isInstanceOf(ImageFailure.Unauthorized.class));
  }

  private void requireToken(String realmHost) {
    registry.script(
        "/v2/",
        exchange -> {
          if ("Bearer t0k".equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
            return false;
          }
          String realm =
              "Bearer realm=\"http://"
                  + realmHost
                  + "/token\",service=\"s\",scope=\"repository:app:pull\"";
          exchange.getResponseHeaders().set("WWW-Authenticate", realm);
          exchange.sendResponseHeaders(401, -1);
          return true;
        });
    registry.script(
        "/token",
        exchange -> {
          String basic = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
          boolean known = basic.equals("Basic dXNlcjpzZWNyZXQ=");
          byte[] token = TestImage.bytes("{\"token\":\"t0k\",\"expires_in\":300}");
          exchange.sendResponseHeaders(known ? 200 : 401, known ? token.length : -1);
          if (known) {
            exchange.getResponseBody().write(token);
          }
          return true;
        });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "169.254.169.254",
        "169.254.170.2",
        "[fe80::1]",
        "[::ffff:169.254.169.254]",
        "[fd00:ec2::254]",
        "[64:ff9b::a9fe:a9fe]",
        "0.0.0.0"
      })
  void aTokenRealmAtALocalAddressIsRefused(String host) throws IOException {
    requireToken(host);
    assertFails(ImageFailure.ForbiddenTarget.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://169.254.169.254/latest/meta-data",
        "https://169.254.169.254/",
        "file:///etc/passwd",
        "http://[fe80::1]/",
        "http://user:pass@127.0.0.1/",
        "ftp://127.0.0.1/",
        "http://127.0.0.1:99999/",
        "gopher:x",
        "http://2852039166/"
      })
  void aRedirectToWhereNoRegistryIsIsRefused(String location) throws IOException {
    registry.script("/blobs/", exchange -> redirect(exchange, location));
    assertFails(ImageFailure.ForbiddenTarget.class);
  }

  private static boolean redirect(com.sun.net.httpserver.HttpExchange exchange, String location)
      throws IOException {
    exchange.getResponseHeaders().set("Location", location);
    exchange.sendResponseHeaders(307, -1);
    return true;
  }

  @Test
  void endlessRedirectsAreRefused() throws IOException {
    registry.script("/blobs/", exchange -> redirect(exchange, exchange.getRequestURI().getPath()));
    assertFails(ImageFailure.ForbiddenTarget.class);
  }

  @Test
  void aRedirectIsFollowedWithoutCredentials() throws IOException {
    try (var storage = new ScriptedRegistry("127.0.0.2").with(image, "app", "1")) {
      registry.script(
          "/v2/",
          exchange -> {
            if (exchange.getRequestHeaders().getFirst("Authorization") == null) {
              exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"r\"");
              exchange.sendResponseHeaders(401, -1);
              return true;
            }
            String path = exchange.getRequestURI().getPath();
            return path.contains("/blobs/")
                && redirect(exchange, "http://" + storage.host() + path);
          });
      StoreFixture.resolve(store, name(":1"), new RegistryCredentials.Password("user", "secret"));
      assertThat(storage.seen)
          .hasSize(3)
          .allSatisfy(seen -> assertThat(seen.authorization()).isEmpty());
      assertThat(registry.seen).anySatisfy(seen -> assertThat(seen.authorization()).isPresent());
    }
  }

  @Test
  void anUnknownCertificateIsNotTrusted() throws Exception {
    HttpsServer server =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(selfSigned()));
    server.start();
    try {
      String location = "https://127.0.0.1:" + server.getAddress().getPort() + "/x";
      registry.script("/blobs/", exchange -> redirect(exchange, location));
      assertFails(ImageFailure.TlsFailed.class);
    } finally {
      server.stop(0);
    }
  }

  private SSLContext selfSigned() throws Exception {
    Path store = base.resolve("keys.p12");
    List<String> keytool =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
            "-genkeypair",
            "-keyalg",
            "EC",
            "-dname",
            "CN=localhost",
            "-ext",
            "san=ip:127.0.0.1",
            "-keystore",
            store.toString(),
            "-storepass",
            "changeit",
            "-alias",
            "a");
    assertThat(new ProcessBuilder(keytool).redirectErrorStream(true).start().waitFor()).isZero();
    KeyStore keys = KeyStore.getInstance(store.toFile(), "changeit".toCharArray());
    KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
    factory.init(keys, "changeit".toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(factory.getKeyManagers(), null, null);
    return context;
  }

  @ParameterizedTest
  @CsvSource({
    "404,NotFound,1",
    "401,Unauthorized,1",
    "403,Unauthorized,1",
    "429,RateLimited,3",
    "503,RegistryError,3",
    "418,RegistryError,1"
  })
  void statusesBecomeFailuresAfterBoundedTries(int status, String failure, int tries)
      throws Exception {
    registry.script(
        "/manifests/",
        exchange -> {
          exchange.sendResponseHeaders(status, -1);
          return true;
        });
    assertFails(
        Class.forName(ImageFailure.class.getName() + "$" + failure).asSubclass(ImageFailure.class));
    assertThat(registry.count("HEAD", "/manifests/")).isEqualTo(tries);
  }

  @Test
  void aHiccupIsForgiven() throws IOException {
    var failures = new AtomicInteger(2);
    registry.script(
        "/v2/",
        exchange -> {
          boolean fails = failures.getAndDecrement() > 0;
          if (fails) {
            exchange.sendResponseHeaders(502, -1);
          }
          return fails;
        });
    assertThat(StoreFixture.resolve(store, name(":1")).layerDirectories()).hasSize(2);
  }

  @Test
  void aSilentRegistryTimesOut() throws IOException {
    registry.script(
        "/blobs/" + image.layerBlobs.getFirst(),
        exchange -> {
          exchange.sendResponseHeaders(200, image.blob(image.layerBlobs.getFirst()).length);
          exchange.getResponseBody().write(1);
          exchange.getResponseBody().flush();
          sleepBeyondTheTimeout();
          return true;
        });
    assertFails(ImageFailure.TimedOut.class);
  }

  private static void sleepBeyondTheTimeout() {
    try {
      Thread.sleep(2_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void aRegistryThatIsNotThereIsUnreachable() throws IOException {
    registry.close();
    assertFails(ImageFailure.Unreachable.class);
  }

  @Test
  void contentThatIsNotWhatItsDigestSaysIsRefused() throws IOException {
    byte[] other = TestImage.gzip(new TarBuilder().file("evil", "x").build());
    Digest config = Digest.of(image.config);
    registry.lie("/v2/app/blobs/" + image.layerBlobs.getFirst(), other);
    assertFails(ImageFailure.ContentMismatch.class);
    registry.with(image, "app", "1").lie("/v2/app/blobs/" + config, TestImage.bytes("{}"));
    assertFails(ImageFailure.ContentMismatch.class);
    registry
        .with(image, "app", "1")
        .lie("/v2/app/manifests/" + image.manifestDigest, TestImage.of(LOWER).manifest);
    assertFails(ImageFailure.ContentMismatch.class);
  }

  @Test
  void aBlobOfAnotherLengthIsRefused() throws IOException {
    byte[] blob = image.blob(image.layerBlobs.getFirst());
    byte[] longer = java.util.Arrays.copyOf(blob, blob.length + 10);
    registry.lie("/v2/app/blobs/" + image.layerBlobs.getFirst(), longer);
    assertFails(ImageFailure.ContentMismatch.class);
    registry.lie("/v2/app/blobs/" + image.layerBlobs.getFirst(), java.util.Arrays.copyOf(blob, 20));
    assertFails(ImageFailure.ContentMismatch.class);
  }

  @Test
  void anOversizedOrBrokenManifestIsRefused() throws IOException {
    registry.manifest("app", "1", new byte[5 << 20]);
    assertFails(ImageFailure.TooLarge.class);
    for (String broken :
        List.of(
            "",
            "[]",
            "{",
            "null",
            "{\"schemaVersion\":1}",
            "{\"schemaVersion\":2}",
            "[".repeat(5000),
            "{\"schemaVersion\":2,\"config\":{\"digest\":\"sha256:../../etc\",\"size\":1},\"layers\":[]}",
            "{\"schemaVersion\":2,\"config\":{\"digest\":\""
                + image.manifestDigest
                + "\",\"size\":-1},\"layers\":[]}")) {
      registry.manifest("app", "1", TestImage.bytes(broken));
      assertFails(ImageFailure.InvalidManifest.class);
    }
  }

  @Test
  void aHostileLayerLeavesNothingBehind() throws IOException {
    registry.with(
        TestImage.of(LOWER, new TarBuilder().file("../../../escape", "x").build()), "app", "1");
    assertFails(ImageFailure.LayerRefused.class);
    assertThat(base.resolve("escape")).doesNotExist();
  }

  @Test
  void aBrokenConnectionGoesOnWhereItStopped() throws IOException {
    TestImage large = largeImage();
    Digest blob = large.layerBlobs.getFirst();
    byte[] content = large.blob(blob);
    registry
        .with(large, "app", "1")
        .script("/blobs/" + blob, exchange -> cutOnce(exchange, content));
    Image pulled = StoreFixture.resolve(store, name(":1"));
    assertThat(pulled.layerDirectories().getFirst().resolve("noise")).hasSize(12 << 20);
    assertThat(registry.seen).anySatisfy(seen -> assertThat(seen.range()).isPresent());
  }

  private static TestImage largeImage() {
    byte[] noise = new byte[12 << 20];
    new Random(1).nextBytes(noise);
    return TestImage.of(new TarBuilder().file("noise", noise).build());
  }

  private static boolean cutOnce(com.sun.net.httpserver.HttpExchange exchange, byte[] content)
      throws IOException {
    if (exchange.getRequestHeaders().getFirst("Range") != null) {
      return false;
    }
    exchange.sendResponseHeaders(200, content.length);
    exchange.getResponseBody().write(content, 0, content.length / 2);
    exchange.getResponseBody().flush();
    throw new IOException("cut");
  }

  @Test
  void aKilledDownloadGoesOnFromItsPartialFile() throws IOException {
    TestImage large = largeImage();
    Digest blob = large.layerBlobs.getFirst();
    byte[] content = large.blob(blob);
    Path partial = new StoreLayout(base.resolve("images")).partial(blob, large.diffIds.getFirst());
    Files.write(partial, java.util.Arrays.copyOf(content, 9 << 20)); // What a kill leaves.
    registry.with(large, "app", "1");
    StoreFixture.resolve(store, name(":1"));
    assertThat(registry.seen)
        .anySatisfy(seen -> assertThat(seen.range()).contains("bytes=" + (9 << 20) + "-"));
    assertThat(partial).doesNotExist();
  }

  @Test
  void aDamagedPartialFileIsForgotten() throws IOException {
    TestImage large = largeImage();
    Digest blob = large.layerBlobs.getFirst();
    Path partial = new StoreLayout(base.resolve("images")).partial(blob, large.diffIds.getFirst());
    Files.write(partial, new byte[9 << 20]);
    registry.with(large, "app", "1");
    assertThat(StoreFixture.resolve(store, name(":1")).layerDirectories()).hasSize(1);
    assertThat(partial).doesNotExist();
  }

  @Test
  void manyWhoWantTheSameLayerFetchItOnce() throws Exception {
    List<Future<Image>> all = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 20; i++) {
        Callable<Image> pull = () -> StoreFixture.resolve(store, name(":1"));
        all.add(threads.submit(pull));
      }
    }
    for (Future<Image> each : all) {
      assertThat(each.get().layerDirectories()).hasSize(2);
    }
    assertThat(registry.count("GET", image.layerBlobs.getFirst().toString())).isEqualTo(1);
  }
}
