package dev.berth.model.signature;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.berth.model.signature.Authorization.Claim;
import dev.berth.model.signature.Authorization.Validity;
import dev.berth.model.signature.Verification.Reason;
import dev.berth.model.signature.Verification.Refused;
import dev.berth.model.signature.Verification.Verified;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * Tells whether a request is signed by the owner of the access key that it names.
 *
 * <p>Pure but for the clock and the key's lookup. The refusals' messages are those that AWS sends.
 */
public final class SignatureVerifier {
  /** How far a client's clock may be off, either way. */
  public static final Duration CLOCK_SKEW_MAX = Duration.ofMinutes(15);

  /** How long a presigned URL may hold: seven days. */
  public static final long PRESIGNED_SECONDS_MAX = 604_800;

  /** Headers that change what a request means, so that they must not be added by someone else. */
  private static final List<String> SIGNED_IF_PRESENT =
      List.of("x-amz-target", "x-amz-security-token", CanonicalRequest.CONTENT_SHA256);

  private final AccessKeys keys;
  private final InstantSource clock;

  /** A verifier for these keys at this clock. */
  public SignatureVerifier(AccessKeys keys, InstantSource clock) {
    this.keys = keys;
    this.clock = clock;
  }

  /** Verifies a request that is meant for the service of this signing name. */
  public Verification verify(SignableRequest request, String service) {
    return switch (Authorization.of(request)) {
      case Authorization.Absent _ ->
          new Refused(Reason.MISSING, "Request is missing Authentication Token");
      case Authorization.Malformed(String message) -> new Refused(Reason.INCOMPLETE, message);
      case Claim claim -> verify(request, claim, service);
    };
  }

  private Verification verify(SignableRequest request, Claim claim, String service) {
    Optional<Refused> early =
        unsignedHeader(request, claim)
            .or(() -> wrongScope(claim, service))
            .or(() -> outOfTime(claim, clock.instant()));
    if (early.isPresent()) {
      return early.get();
    }
    Optional<AccessKey> found = keys.find(claim.accessKeyId(), claim.sessionToken());
    if (found.isEmpty()
        || !sameText(found.get().credentials().sessionToken(), claim.sessionToken())) {
      return new Refused(
          Reason.UNKNOWN_KEY, "The security token included in the request is invalid.");
    }
    AccessKey key = found.get();
    if (key.expiresAt().filter(end -> !clock.instant().isBefore(end)).isPresent()) {
      return new Refused(
          Reason.EXPIRED_TOKEN, "The security token included in the request is expired");
    }
    String expected =
        CanonicalRequest.signature(
            request,
            key.credentials().secretAccessKey(),
            claim.scope(),
            claim.timestamp(),
            claim.signedHeaders());
    if (!sameText(expected, claim.signature())) {
      return new Refused(
          Reason.MISMATCH,
          "The request signature we calculated does not match the signature you provided. Check"
              + " your AWS Secret Access Key and signing method. Consult the service documentation"
              + " for details.");
    }
    return new Verified(key, claim.scope());
  }

  private static Optional<Refused> unsignedHeader(SignableRequest request, Claim claim) {
    if (!claim.signedHeaders().contains("host")) {
      return Optional.of(
          new Refused(
              Reason.INCOMPLETE, "'Host' must be a 'SignedHeader' in the AWS Authorization."));
    }
    return SIGNED_IF_PRESENT.stream()
        .filter(name -> !request.values(name).isEmpty() && !claim.signedHeaders().contains(name))
        .findFirst()
        .map(
            name ->
                new Refused(
                    Reason.INCOMPLETE,
                    "'" + name + "' must be a 'SignedHeader' in the AWS Authorization."));
  }

  private static Optional<Refused> wrongScope(Claim claim, String service) {
    CredentialScope scope = claim.scope();
    if (!scope.service().equals(service)) {
      return Optional.of(
          new Refused(
              Reason.WRONG_SCOPE,
              "Credential should be scoped to correct service: '" + service + "'."));
    }
    if (scope.region().isEmpty()) {
      return Optional.of(
          new Refused(Reason.WRONG_SCOPE, "Credential should be scoped to a valid region."));
    }
    if (!claim.timestamp().startsWith(scope.date() + "T")) {
      return Optional.of(
          new Refused(
              Reason.WRONG_SCOPE,
              "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from"
                  + " HTTP: '%s', from '%s'.".formatted(scope.date(), claim.timestamp())));
    }
    return Optional.empty();
  }

  private static Optional<Refused> outOfTime(Claim claim, Instant now) {
    Optional<Instant> parsed = Timestamps.parse(claim.timestamp());
    if (parsed.isEmpty()) {
      return Optional.of(
          new Refused(
              Reason.INCOMPLETE,
              "Date must be in ISO-8601 'basic format'. Got '" + claim.timestamp() + "'."));
    }
    Instant signedAt = parsed.get();
    Instant latest = now.plus(CLOCK_SKEW_MAX);
    if (signedAt.isAfter(latest)) {
      return Optional.of(
          new Refused(
              Reason.SKEWED,
              "Signature not yet current: %s is still later than %s (%s + 15 min.)"
                  .formatted(claim.timestamp(), basic(latest), basic(now))));
    }
    return switch (claim.validity()) {
      case Validity.ClockSkew _ -> tooOld(claim, signedAt, now);
      case Validity.Seconds(long count) -> pastItsTime(claim, signedAt, count, now);
    };
  }

  private static Optional<Refused> tooOld(Claim claim, Instant signedAt, Instant now) {
    Instant earliest = now.minus(CLOCK_SKEW_MAX);
    return signedAt.isBefore(earliest)
        ? Optional.of(
            new Refused(
                Reason.SKEWED,
                "Signature expired: %s is now earlier than %s (%s - 15 min.)"
                    .formatted(claim.timestamp(), basic(earliest), basic(now))))
        : Optional.empty();
  }

  private static Optional<Refused> pastItsTime(
      Claim claim, Instant signedAt, long validSeconds, Instant now) {
    if (validSeconds < 1 || validSeconds > PRESIGNED_SECONDS_MAX) {
      return Optional.of(
          new Refused(
              Reason.INCOMPLETE,
              "X-Amz-Expires must be between 1 and %d seconds".formatted(PRESIGNED_SECONDS_MAX)));
    }
    return now.isAfter(signedAt.plusSeconds(validSeconds))
        ? Optional.of(
            new Refused(
                Reason.EXPIRED,
                "Signature expired: %s is now earlier than %s"
                    .formatted(claim.timestamp(), basic(now.minusSeconds(validSeconds)))))
        : Optional.empty();
  }

  private static String basic(Instant instant) {
    return RequestSigner.TIMESTAMP.format(instant);
  }

  /** Takes the same time wherever the two differ. */
  private static boolean sameText(String expected, String given) {
    return MessageDigest.isEqual(expected.getBytes(UTF_8), given.getBytes(UTF_8));
  }
}
