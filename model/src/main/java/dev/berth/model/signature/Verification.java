package dev.berth.model.signature;

/** What became of a request's claim. */
public sealed interface Verification {

  /** It is the key's owner who calls. */
  record Verified(AccessKey key, CredentialScope scope) implements Verification {}

  /** The claim does not hold; the message is fit for the caller's eyes. */
  record Refused(Reason reason, String message) implements Verification {}

  /** Why a claim does not hold; each wire protocol has codes of its own for these. */
  enum Reason {
    /** The request is not signed at all. */
    MISSING,
    /** Parts of the signature are missing or cannot be read. */
    INCOMPLETE,
    /** The access key is unknown, or its session token is another one. */
    UNKNOWN_KEY,
    /** The session's credentials have had their time. */
    EXPIRED_TOKEN,
    /** Signed with another secret, or changed on the way. */
    MISMATCH,
    /** Signed for another service or day. */
    WRONG_SCOPE,
    /** The clocks differ too much. */
    SKEWED,
    /** A presigned URL past its time. */
    EXPIRED,
  }
}
