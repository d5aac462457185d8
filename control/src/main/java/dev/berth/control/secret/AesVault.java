package dev.berth.control.secret;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.berth.model.secret.Sealed;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.random.RandomGenerator;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** AES-GCM with one key of 256 bits. Each value has a nonce of its own, which is kept before it. */
public final class AesVault implements Vault {
  public static final int KEY_BYTES = 32;

  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;
  private static final String CIPHER = "AES/GCM/NoPadding";

  private final SecretKeySpec key;
  private final RandomGenerator random;

  /**
   * @param random a secure source: a nonce that comes twice would give values away
   */
  public AesVault(byte[] key, RandomGenerator random) {
    if (key.length != KEY_BYTES) {
      throw new IllegalArgumentException("a vault's key has " + KEY_BYTES + " bytes");
    }
    this.key = new SecretKeySpec(key, "AES");
    this.random = random;
  }

  @Override
  public Sealed seal(byte[] clear, String about) {
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    byte[] closed = crypt(Cipher.ENCRYPT_MODE, nonce, clear, about);
    byte[] all = ByteBuffer.allocate(NONCE_BYTES + closed.length).put(nonce).put(closed).array();
    return new Sealed(Base64.getEncoder().encodeToString(all));
  }

  @Override
  public byte[] open(Sealed sealed, String about) {
    ByteBuffer all = ByteBuffer.wrap(Base64.getDecoder().decode(sealed.text()));
    byte[] nonce = new byte[NONCE_BYTES];
    all.get(nonce);
    byte[] closed = new byte[all.remaining()];
    all.get(closed);
    return crypt(Cipher.DECRYPT_MODE, nonce, closed, about);
  }

  private byte[] crypt(int mode, byte[] nonce, byte[] input, String about) {
    try {
      Cipher cipher = Cipher.getInstance(CIPHER);
      cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
      cipher.updateAAD(about.getBytes(UTF_8));
      return cipher.doFinal(input);
    } catch (GeneralSecurityException e) {
      // The message names what it was about, and never what it said.
      throw new IllegalStateException("the value of " + about + " cannot be sealed or opened", e);
    }
  }
}
