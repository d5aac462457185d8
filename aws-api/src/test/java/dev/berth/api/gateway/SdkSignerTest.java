package dev.berth.api.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.model.signature.AccessKey;
import dev.berth.model.signature.Credentials;
import dev.berth.model.signature.Principal;
import dev.berth.model.signature.SignableRequest;
import dev.berth.model.signature.SignableRequest.Header;
import dev.berth.model.signature.SignatureVerifier;
import dev.berth.model.signature.Verification;
import dev.berth.model.signature.Verification.Reason;
import dev.berth.model.signature.Verification.Refused;
import dev.berth.model.signature.Verification.Verified;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner.AuthLocation;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.AwsSessionCredentialsIdentity;
import software.amazon.awssdk.utils.http.SdkHttpUtils;

/** Requests of every kind, signed by the SDK's own signer. */
class SdkSignerTest {
  private static final Instant NOW = Instant.parse("2026-11-23T04:05:06Z");
  private static final String LETTERS = "abcXYZ019-_.~ /+%&=?ä€:;,@!'()*[]$#";

  @ParameterizedTest
  @ValueSource(strings = {"ecs", "s3"})
  void headersThatTheSdkSignsAreVerified(String service) {
    for (int seed = 0; seed < 300; seed++) {
      var random = new Random(seed);
      var credentials = credentials(random);
      byte[] body = text(random, 100).getBytes(UTF_8);
      SignableRequest request =
          sign(request(random), body, credentials, service, AuthLocation.HEADER);

      assertThat(verify(request, credentials, service, NOW))
          .as("seed %d: %s %s", seed, request.rawPath(), request.rawQuery())
          .isInstanceOf(Verified.class);
    }
  }

  @Test
  void urlsThatTheSdkPresignsAreVerifiedUntilTheyExpire() {
    for (int seed = 0; seed < 300; seed++) {
      var random = new Random(seed);
      var credentials = credentials(random);
      SignableRequest request =
          sign(request(random), new byte[0], credentials, "sts", AuthLocation.QUERY_STRING);
      String as = "seed %d: %s?%s".formatted(seed, request.rawPath(), request.rawQuery());

      assertThat(verify(request, credentials, "sts", NOW)).as(as).isInstanceOf(Verified.class);
      assertThat(verify(request, credentials, "sts", NOW.plusSeconds(3600)))
          .as(as)
          .isInstanceOf(Verified.class);
      assertThat(verify(request, credentials, "sts", NOW.plusSeconds(3601)))
          .as(as)
          .isInstanceOfSatisfying(
              Refused.class, it -> assertThat(it.reason()).isEqualTo(Reason.EXPIRED));
    }
  }

  private static Verification verify(
      SignableRequest request, Credentials credentials, String service, Instant now) {
    var key = new AccessKey(credentials, new Principal.Root("1"));
    return new SignatureVerifier((_, _) -> Optional.of(key), InstantSource.fixed(now))
        .verify(request, service);
  }

  private static SignableRequest sign(
      SdkHttpRequest request,
      byte[] body,
      Credentials credentials,
      String service,
      AuthLocation location) {
    var signed =
        AwsV4HttpSigner.create()
            .sign(
                it -> {
                  it.request(request)
                      .payload(ContentStreamProvider.fromByteArray(body))
                      .identity(identity(credentials))
                      .putProperty(AwsV4FamilyHttpSigner.SERVICE_SIGNING_NAME, service)
                      .putProperty(AwsV4HttpSigner.REGION_NAME, "anywhere-1")
                      .putProperty(AwsV4FamilyHttpSigner.AUTH_LOCATION, location)
                      .putProperty(HttpSigner.SIGNING_CLOCK, Clock.fixed(NOW, ZoneOffset.UTC));
                  if (service.equals("s3")) {
                    it.putProperty(AwsV4FamilyHttpSigner.DOUBLE_URL_ENCODE, false)
                        .putProperty(AwsV4FamilyHttpSigner.NORMALIZE_PATH, false);
                  }
                  if (location == AuthLocation.QUERY_STRING) {
                    it.putProperty(AwsV4FamilyHttpSigner.EXPIRATION_DURATION, Duration.ofHours(1));
                  }
                })
            .request();
    var headers = new ArrayList<Header>();
    signed
        .headers()
        .forEach((name, values) -> values.forEach(v -> headers.add(new Header(name, v))));
    var uri = signed.getUri();
    return new SignableRequest(
        signed.method().name(),
        uri.getRawPath(),
        Optional.ofNullable(uri.getRawQuery()).orElse(""),
        headers,
        body);
  }

  private static SdkHttpRequest request(Random random) {
    var request =
        SdkHttpRequest.builder()
            .method(random.nextBoolean() ? SdkHttpMethod.POST : SdkHttpMethod.GET)
            .protocol("http")
            .host("localhost")
            .port(4510)
            .putHeader("Host", "localhost:4510")
            .encodedPath("/" + String.join("/", segment(random), segment(random)));
    for (int i = random.nextInt(4); i > 0; i--) {
      request.appendRawQueryParameter("q" + text(random, 5), text(random, 8));
    }
    for (int i = random.nextInt(3); i > 0; i--) {
      request.appendHeader("x-some", "a  " + random.nextInt());
    }
    return request.build();
  }

  /** Never "..": the SDK leaves one at the path's start, against RFC 3986 and AWS's description. */
  private static String segment(Random random) {
    return "s" + SdkHttpUtils.urlEncode(text(random, 8));
  }

  private static Credentials credentials(Random random) {
    String token = random.nextBoolean() ? "token/+=" + random.nextInt() : "";
    return new Credentials("AKIA" + random.nextInt(1000), text(random, 40) + "x", token);
  }

  private static AwsCredentialsIdentity identity(Credentials credentials) {
    return credentials.sessionToken().isEmpty()
        ? AwsCredentialsIdentity.create(credentials.accessKeyId(), credentials.secretAccessKey())
        : AwsSessionCredentialsIdentity.create(
            credentials.accessKeyId(), credentials.secretAccessKey(), credentials.sessionToken());
  }

  private static String text(Random random, int lengthMax) {
    var text = new StringBuilder();
    for (int i = random.nextInt(lengthMax); i > 0; i--) {
      text.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
    }
    return text.toString().strip();
  }
}
