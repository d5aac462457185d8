package dev.berth.api.berth;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The images that were loaded on this machine. */
public interface Images {
  /** An image and its manifest's digest. */
  record Named(String reference, String digest) {}

  /**
   * Loads an archive of OCI's or Docker's form.
   *
   * @param name what to call it, where the archive does not say or should not decide
   * @throws IOException whose message says what is wrong with the archive or the name
   */
  List<Named> load(Path archive, Optional<String> name) throws IOException;

  List<Named> list();
}
