package dev.berth.control.role;

import dev.berth.control.secret.Vault;
import dev.berth.link.format.RecordFormat;
import dev.berth.model.identity.RoleArn;
import dev.berth.model.secret.Sealed;
import dev.berth.model.signature.AccessKey;
import dev.berth.model.signature.AccessKeyLetters;
import dev.berth.model.signature.AccessKeys;
import dev.berth.model.signature.Credentials;
import dev.berth.model.signature.Principal;
import dev.berth.model.signature.RoleCredentials;
import dev.berth.model.task.TaskId;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/**
 * Issues credentials of roles, and knows them again.
 *
 * <p>A session token holds all that its credentials stand for, sealed: whoever has the vault's key
 * verifies them, also after a restart, and nobody else can read or make one. It belongs to one
 * access key id and opens for no other.
 */
public final class RoleSessions implements AccessKeys {
  /** How long ECS's own credentials of a task are valid. */
  public static final Duration VALIDITY_STANDARD = Duration.ofHours(6);

  /** What ids of temporary keys begin with. */
  public static final String ID_PREFIX = "ASIA";

  /** Letters of base64, at least as many as a sealed nothing has. */
  private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9+/]{38,8000}={0,2}");

  private final Vault vault;
  private final AccessKeyLetters letters;
  private final Duration validity;

  /**
   * @param random must not be predictable
   */
  public RoleSessions(Vault vault, RandomGenerator random, Duration validity) {
    this.vault = vault;
    this.letters = new AccessKeyLetters(random);
    this.validity = validity;
  }

  /** What a token carries. */
  private record Session(RoleArn role, String name, String secretAccessKey, Instant expiresAt) {}

  /** New credentials of a task's role; those of before stay valid until their time is over. */
  public RoleCredentials issue(RoleArn role, TaskId task, Instant now) {
    // AWS's times have no fractions, and nobody may be told of more time than there is.
    Instant expiresAt = now.plus(validity).truncatedTo(ChronoUnit.SECONDS);
    String id = letters.id(ID_PREFIX);
    String secret = letters.secret();
    var session = new Session(role, task.value(), secret, expiresAt);
    String token = vault.seal(RecordFormat.write(session), about(id)).text();
    return new RoleCredentials(role, new Credentials(id, secret, token), expiresAt);
  }

  @Override
  public Optional<AccessKey> find(String accessKeyId, String sessionToken) {
    return open(accessKeyId, sessionToken)
        .map(
            session ->
                new AccessKey(
                    new Credentials(accessKeyId, session.secretAccessKey(), sessionToken),
                    new Principal.RoleSession(session.role(), session.name()),
                    Optional.of(session.expiresAt())));
  }

  private Optional<Session> open(String accessKeyId, String token) {
    if (!accessKeyId.startsWith(ID_PREFIX) || !TOKEN.matcher(token).matches()) {
      return Optional.empty();
    }
    try {
      byte[] clear = vault.open(new Sealed(token), about(accessKeyId));
      return Optional.of(RecordFormat.read(clear, Session.class));
    } catch (IllegalStateException | IllegalArgumentException | UncheckedIOException notOurs) {
      return Optional.empty(); // Somebody else's words, or sealed by a key of before.
    }
  }

  private static String about(String accessKeyId) {
    return "the session of " + accessKeyId;
  }
}
