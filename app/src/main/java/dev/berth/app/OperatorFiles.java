package dev.berth.app;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;

/** Small files for root alone, in the data folder. Each appears whole or not at all. */
final class OperatorFiles {
  private static final int TOKEN_BITS = 256;

  private OperatorFiles() {}

  /** Makes the data folder, readable by nobody else: it holds keys. */
  static void makeFolder(Path folder) throws IOException {
    Files.createDirectories(folder);
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
  }

  /** The secret that agents of other processes show; made at the first start. */
  static String linkToken(Path data) throws IOException {
    Path file = data.resolve("link-token");
    if (!Files.exists(file)) {
      write(file, new BigInteger(TOKEN_BITS, new SecureRandom()).toString(Character.MAX_RADIX));
    }
    return Files.readString(file).strip();
  }

  /** Where the server is and how to sign, for the command line. */
  static void writeOperator(Path data, String endpoint, String region, Key key) throws IOException {
    var json = new ObjectMapper().createObjectNode();
    json.put("endpoint", endpoint)
        .put("region", region)
        .put("account", key.account())
        .put("accessKeyId", key.accessKeyId())
        .put("secretAccessKey", key.secretAccessKey());
    write(data.resolve("operator.json"), json.toPrettyString());
  }

  /** A key pair to write down. */
  record Key(String account, String accessKeyId, String secretAccessKey) {}

  private static void write(Path file, String text) throws IOException {
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(fresh);
    Files.createFile(
        fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(fresh, text + "\n");
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
