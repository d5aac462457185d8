package dev.berth.app;

import dev.berth.control.secret.AesVault;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Set;

/** The key of all secrets: a file of its own beside the state, for root alone. */
final class VaultKey {
  private static final Set<PosixFilePermission> ROOT_ALONE =
      PosixFilePermissions.fromString("rw-------");

  private VaultKey() {}

  /**
   * Reads the key, or makes one that is on the disk when this returns.
   *
   * @param needed whether something is sealed already: then a new key would open nothing of it
   * @throws IOException also if the key is needed and not there, is none, or others may read it
   */
  static byte[] open(Path data, boolean needed) throws IOException {
    Path file = data.resolve("vault-key");
    if (!Files.exists(file)) {
      if (needed) {
        throw new IOException(
            "the key of the secrets, "
                + file
                + ", is gone: put it back, or they cannot be read any more");
      }
      make(file);
    }
    if (!Files.getPosixFilePermissions(file).equals(ROOT_ALONE)) {
      throw new IOException("others may read the key of the secrets: chmod 600 " + file);
    }
    try {
      byte[] key = HexFormat.of().parseHex(Files.readString(file).strip());
      if (key.length == AesVault.KEY_BYTES) {
        return key;
      }
    } catch (IllegalArgumentException e) {
      throw new IOException("the key of the secrets, " + file + ", is damaged", e);
    }
    throw new IOException("the key of the secrets, " + file + ", is damaged");
  }

  private static void make(Path file) throws IOException {
    byte[] key = new byte[AesVault.KEY_BYTES];
    new SecureRandom().nextBytes(key);
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(fresh);
    Files.createFile(fresh, PosixFilePermissions.asFileAttribute(ROOT_ALONE));
    Files.writeString(fresh, HexFormat.of().formatHex(key) + "\n");
    sync(fresh, StandardOpenOption.WRITE);
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    sync(file.resolveSibling("."), StandardOpenOption.READ);
  }

  private static void sync(Path path, StandardOpenOption option) throws IOException {
    try (var channel = FileChannel.open(path, option)) {
      channel.force(true);
    }
  }
}
