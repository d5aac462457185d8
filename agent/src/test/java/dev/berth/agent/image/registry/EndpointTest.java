package dev.berth.agent.image.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.model.image.ImageException;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://127.0.0.1/x",
        "https://localhost:8080/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "http://192.0.2.1/",
        "https://169.254.169.254/",
        "https://[fe80::1]/",
        "https://user@192.0.2.1/",
        "https://224.0.0.1/"
      })
  void aRegistryElsewhereMayNotSendUsHere(String target) throws ImageException {
    Endpoint elsewhere = Endpoint.of("192.0.2.7", RegistrySettings.STANDARD);
    assertThatThrownBy(() -> elsewhere.check(URI.create(target)))
        .isInstanceOf(ImageException.class)
        .hasMessageContaining("refused to follow the registry");
  }

  @ParameterizedTest
  @ValueSource(strings = {"registry.example:99999", "registry.1"})
  void aNameThatLeadsToNoHostIsRefused(String name) {
    assertThatThrownBy(() -> Endpoint.of(name, RegistrySettings.STANDARD))
        .isInstanceOf(ImageException.class)
        .hasMessageContaining("invalid reference format");
  }

  @Test
  void itMaySendUsToAnotherHostOverTls() throws Exception {
    Endpoint.of("192.0.2.7", RegistrySettings.STANDARD).check(URI.create("https://192.0.2.8/x"));
  }

  @Test
  void onlyTheSameSchemeHostAndPortIsItsOwn() throws ImageException {
    Endpoint endpoint = Endpoint.of("registry.example", RegistrySettings.STANDARD);
    assertThat(endpoint.isOwn(URI.create("https://Registry.Example:443/a"))).isTrue();
    assertThat(endpoint.isOwn(URI.create("http://registry.example/a"))).isFalse();
    assertThat(endpoint.isOwn(URI.create("https://registry.example:8443/a"))).isFalse();
    assertThat(endpoint.isOwn(URI.create("https://registry.example.evil/a"))).isFalse();
  }

  @Test
  void onlyLoopbackIsSpokenToWithoutTls() throws ImageException {
    assertThat(Endpoint.of("localhost:5000", RegistrySettings.STANDARD).base()).hasScheme("http");
    assertThat(Endpoint.of("[::1]:5000", RegistrySettings.STANDARD).base()).hasScheme("http");
    assertThat(Endpoint.of("127.0.0.1.example", RegistrySettings.STANDARD).base())
        .hasScheme("https");
    assertThat(Endpoint.of("docker.io", RegistrySettings.STANDARD).base())
        .hasHost("registry-1.docker.io");
  }

  @Test
  void challengesAreReadInEveryForm() {
    assertThat(Challenge.parse(List.of("Basic realm=\"x\""))).contains(new Challenge.Basic());
    assertThat(
            Challenge.parse(
                List.of(
                    "Basic realm=x",
                    "Bearer realm=\"https://a/t\",service=\"s\",scope=\"repository:a:pull,push\"")))
        .contains(
            new Challenge.Bearer(
                "https://a/t", Optional.of("s"), Optional.of("repository:a:pull,push")));
    assertThat(Challenge.parse(List.of("Digest realm=x", "Bearer", ""))).isEmpty();
  }
}
