package dev.berth.model.signature;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.model.signature.SignableRequest.Header;
import dev.berth.model.signature.Verification.Reason;
import dev.berth.model.signature.Verification.Refused;
import dev.berth.model.signature.Verification.Verified;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SignatureVerifierTest {
  private static final Instant NOW = Instant.parse("2015-08-30T12:36:00Z");
  private static final String TIMESTAMP = "20150830T123600Z";

  /** The credentials of AWS's published examples. */
  private static final Credentials EXAMPLE =
      new Credentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");

  private static final AccessKey KEY = new AccessKey(EXAMPLE, new Principal.Root("123456789012"));

  private final AccessKeys keys =
      (id, _) -> id.equals(EXAMPLE.accessKeyId()) ? Optional.of(KEY) : Optional.empty();
  private final SignatureVerifier verifier = new SignatureVerifier(keys, InstantSource.fixed(NOW));

  @ParameterizedTest
  @CsvSource({
    "GET,  '',                            5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
    "POST, '',                            5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b",
    "GET,  Param2=value2&Param1=value1,   b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"
  })
  void theExamplesOfAwsAreVerified(String method, String query, String signature) {
    var request =
        new SignableRequest(
            method,
            "/",
            query,
            List.of(
                new Header("Host", "example.amazonaws.com"),
                new Header("X-Amz-Date", TIMESTAMP),
                new Header(
                    "Authorization",
                    "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request,"
                        + " SignedHeaders=host;x-amz-date, Signature="
                        + signature)),
            new byte[0]);

    assertThat(verifier.verify(request, "service"))
        .isEqualTo(new Verified(KEY, new CredentialScope("20150830", "us-east-1", "service")));
  }

  @Test
  void whatTheSignerSignsIsVerified() {
    assertThat(verifier.verify(signed("{}"), "ecs"))
        .isEqualTo(new Verified(KEY, new CredentialScope("20150830", "lab-7", "ecs")));
  }

  @Test
  void anotherSecretIsRefused() {
    SignableRequest forged =
        signed(new Credentials(EXAMPLE.accessKeyId(), "guessed"), NOW, List.of(), "{}");

    assertThat(reason(forged)).isEqualTo(Reason.MISMATCH);
  }

  @Test
  void anUnknownKeyIsRefused() {
    assertThat(reason(signed(new Credentials("AKIDNOBODY", "x"), NOW, List.of(), "{}")))
        .isEqualTo(Reason.UNKNOWN_KEY);
  }

  @Test
  void aChangedBodyHeaderPathOrQueryIsRefused() {
    SignableRequest original = signed("{\"count\":1}");
    var changedTarget = new ArrayList<>(original.headers());
    changedTarget.replaceAll(
        header ->
            header.name().equals("X-Amz-Target") ? new Header("X-Amz-Target", "Ecs.Stop") : header);
    byte[] body = "{\"count\":1}".getBytes(UTF_8);

    assertThat(
            List.of(
                new SignableRequest(
                    "POST", "/a%20b", "q=1", original.headers(), "{\"count\":9}".getBytes(UTF_8)),
                new SignableRequest("POST", "/a%20b", "q=1", changedTarget, body),
                new SignableRequest("POST", "/a", "q=1", original.headers(), body),
                new SignableRequest("POST", "/a%20b", "q=2", original.headers(), body),
                new SignableRequest("GET", "/a%20b", "q=1", original.headers(), body)))
        .extracting(this::reason)
        .containsOnly(Reason.MISMATCH);
  }

  @Test
  void aTargetThatNobodySignedIsRefused() {
    var signer = new RequestSigner(EXAMPLE, "lab-7", "ecs");
    var headers =
        new ArrayList<>(
            signer.sign("POST", URI.create("http://localhost/"), List.of(), new byte[0], NOW));
    headers.add(new Header("Host", "localhost"));
    headers.add(new Header("X-Amz-Target", "Ecs.DeleteCluster"));

    assertThat(reason(new SignableRequest("POST", "/", "", headers, new byte[0])))
        .isEqualTo(Reason.INCOMPLETE);
  }

  @Test
  void theClocksMayDifferByFifteenMinutesAndNoMore() {
    Duration max = SignatureVerifier.CLOCK_SKEW_MAX;

    assertThat(verifier.verify(signedAt(NOW.minus(max)), "ecs")).isInstanceOf(Verified.class);
    assertThat(verifier.verify(signedAt(NOW.plus(max)), "ecs")).isInstanceOf(Verified.class);
    assertThat(reason(signedAt(NOW.minus(max).minusSeconds(1)))).isEqualTo(Reason.SKEWED);
    assertThat(reason(signedAt(NOW.plus(max).plusSeconds(1)))).isEqualTo(Reason.SKEWED);
  }

  @Test
  void aSignatureForAnotherServiceIsRefused() {
    assertThat(verifier.verify(signed("{}"), "sts"))
        .isEqualTo(
            new Refused(
                Reason.WRONG_SCOPE, "Credential should be scoped to correct service: 'sts'."));
  }

  @Test
  void aSessionTokenMustBeTheKeysOwn() {
    var temporary = new Credentials("AKIDEXAMPLE", EXAMPLE.secretAccessKey(), "token");
    var verifierOfTemporary =
        new SignatureVerifier(
            (_, _) -> Optional.of(new AccessKey(temporary, KEY.principal())),
            InstantSource.fixed(NOW));

    assertThat(verifierOfTemporary.verify(signed(temporary, NOW, List.of(), "{}"), "ecs"))
        .isInstanceOf(Verified.class);
    assertThat(verifierOfTemporary.verify(signed("{}"), "ecs"))
        .isEqualTo(
            new Refused(
                Reason.UNKNOWN_KEY, "The security token included in the request is invalid."));
    assertThat(reason(signed(temporary, NOW, List.of(), "{}"))).isEqualTo(Reason.UNKNOWN_KEY);
  }

  @Test
  void aSessionIsOverAtItsTimeAndNotBefore() {
    var temporary = new Credentials("ASIAEXAMPLE", "secret", "token");
    var key = new AccessKey(temporary, KEY.principal(), Optional.of(NOW));
    SignableRequest request = signed(temporary, NOW, List.of(), "{}");

    assertThat(at(NOW.minusNanos(1), key).verify(request, "ecs")).isInstanceOf(Verified.class);
    assertThat(at(NOW, key).verify(request, "ecs"))
        .isEqualTo(
            new Refused(
                Reason.EXPIRED_TOKEN, "The security token included in the request is expired"));
  }

  private static SignatureVerifier at(Instant now, AccessKey key) {
    return new SignatureVerifier((_, _) -> Optional.of(key), InstantSource.fixed(now));
  }

  @Test
  void repeatedHeadersAndRunsOfSpacesAreOneValue() {
    List<Header> extra =
        List.of(
            new Header("X-Many", " a   b "), new Header("x-many", "c\t d"), new Header("A", ""));

    assertThat(verifier.verify(signed(EXAMPLE, NOW, extra, "{}"), "ecs"))
        .isInstanceOf(Verified.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''                                                             | MISSING",
        "Bearer abc                                                     | INCOMPLETE",
        "AWS4-HMAC-SHA256                                               | INCOMPLETE",
        "AWS4-HMAC-SHA256 Credential=a, Signature=b                     | INCOMPLETE",
        "AWS4-HMAC-SHA256 Credential=a/b, SignedHeaders=host, Signature=b | INCOMPLETE",
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/r/ecs/aws4_request, SignedHeaders=x-amz-date, Signature=b | INCOMPLETE",
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150829/r/ecs/aws4_request, SignedHeaders=host, Signature=b | WRONG_SCOPE",
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830//ecs/aws4_request, SignedHeaders=host, Signature=b | WRONG_SCOPE",
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/r/ecs/aws4_request, SignedHeaders=host, Signature=b | MISMATCH"
      })
  void aBrokenAuthorizationIsRefused(String authorization, Reason reason) {
    var request =
        new SignableRequest(
            "POST",
            "/",
            "",
            List.of(
                new Header("Host", "localhost"),
                new Header("X-Amz-Date", TIMESTAMP),
                new Header("Authorization", authorization)),
            new byte[0]);

    assertThat(reason(request)).isEqualTo(reason);
  }

  @Test
  void secretsAreNotPrinted() {
    assertThat(KEY.toString()).contains("AKIDEXAMPLE").doesNotContain(EXAMPLE.secretAccessKey());
  }

  private Reason reason(SignableRequest request) {
    assertThat(verifier.verify(request, "ecs")).isInstanceOf(Refused.class);
    return ((Refused) verifier.verify(request, "ecs")).reason();
  }

  private static SignableRequest signed(String body) {
    return signed(EXAMPLE, NOW, List.of(), body);
  }

  private static SignableRequest signedAt(Instant time) {
    return signed(EXAMPLE, time, List.of(), "{}");
  }

  private static SignableRequest signed(
      Credentials credentials, Instant time, List<Header> extra, String body) {
    var headers = new ArrayList<Header>(extra);
    headers.add(new Header("X-Amz-Target", "Ecs.RunTask"));
    var uri = URI.create("http://localhost:4510/a%20b?q=1");
    headers.addAll(
        new RequestSigner(credentials, "lab-7", "ecs")
            .sign("POST", uri, headers, body.getBytes(UTF_8), time));
    headers.add(new Header("Host", "localhost:4510"));
    return new SignableRequest("POST", "/a%20b", "q=1", headers, body.getBytes(UTF_8));
  }
}
