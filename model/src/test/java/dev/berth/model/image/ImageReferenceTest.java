package dev.berth.model.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageReferenceTest {
  private static final String HEX = "0123456789abcdef".repeat(4);

  @ParameterizedTest
  @CsvSource({
    "busybox, docker.io/library/busybox:latest",
    "busybox:1.36, docker.io/library/busybox:1.36",
    "index.docker.io/busybox, docker.io/library/busybox:latest",
    "user/app, docker.io/user/app:latest",
    "localhost/app, localhost/app:latest",
    "localhost:5000/app, localhost:5000/app:latest",
    "127.0.0.1:5000/a/b_c:v1, 127.0.0.1:5000/a/b_c:v1",
    "[::1]:5000/app, [::1]:5000/app:latest",
    "123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/app:2, 123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/app:2",
  })
  void aNameIsNormalisedAsDockerDoes(String text, String normal) throws ImageException {
    assertThat(ImageReference.parse(text)).hasToString(normal);
    assertThat(ImageReference.parse(normal)).isEqualTo(ImageReference.parse(text));
  }

  @Test
  void aDigestStandsWithoutATagOrBesideOne() throws ImageException {
    assertThat(ImageReference.parse("busybox@sha256:" + HEX))
        .hasToString("docker.io/library/busybox@sha256:" + HEX);
    assertThat(ImageReference.parse("r.example:80/busybox:1@sha256:" + HEX))
        .hasToString("r.example:80/busybox:1@sha256:" + HEX);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ":",
        "a:",
        "A",
        "a/B",
        "a//b",
        "/a",
        "a/",
        "a b",
        "a:tag with space",
        "a@sha256:12",
        "a@md5:00",
        "a@",
        "-a",
        "a.",
        "../a",
        "a:../../b",
        "r.example:port/a",
        "a\n",
        "é",
        "a@sha256:x@y",
        "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
      })
  void whatIsNoReferenceIsRefusedWithAReason(String text) {
    assertThatThrownBy(() -> ImageReference.parse(text))
        .isInstanceOfSatisfying(
            ImageException.class,
            e -> assertThat(e.failure()).isInstanceOf(ImageFailure.InvalidReference.class))
        .hasMessageStartingWith("CannotPullContainerError: invalid reference format: ");
  }

  @Test
  void anOverlongNameIsRefused() {
    assertThatThrownBy(() -> ImageReference.parse("a/" + "b".repeat(255)))
        .isInstanceOf(ImageException.class);
    assertThatThrownBy(() -> ImageReference.parse("a".repeat(100_000)))
        .isInstanceOf(ImageException.class);
  }

  @Test
  void onlyALowerCaseSha256IsADigest() {
    assertThat(Digest.parse("sha256:" + HEX)).contains(new Digest(HEX));
    assertThat(Digest.parse("sha256:" + HEX.toUpperCase(java.util.Locale.ROOT))).isEmpty();
    assertThat(Digest.parse(HEX)).isEmpty();
    assertThat(Digest.parse("sha512:" + HEX)).isEmpty();
    assertThat(Digest.of(new byte[0]))
        .hasToString("sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  }

  @Test
  void platformsOfEcsAndOfOciMeet() {
    assertThat(Platform.ofEcs("X86_64")).contains(Platform.LINUX_AMD64);
    assertThat(Platform.parse("linux/arm64/v8")).contains(Platform.LINUX_ARM64);
    assertThat(Platform.parse("linux/x86_64")).contains(Platform.LINUX_AMD64);
    assertThat(Platform.LINUX_ARM64.ecsCpuArchitecture()).contains("ARM64");
    assertThat(Platform.parse("linux")).isEmpty();
    assertThat(Platform.parse("linux//v7")).isEmpty();
    assertThat(Platform.LINUX_AMD64.runs(Platform.LINUX_ARM64)).isFalse();
  }
}
