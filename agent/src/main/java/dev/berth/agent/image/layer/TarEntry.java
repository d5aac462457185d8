package dev.berth.agent.image.layer;

import java.util.List;
import java.util.Map;

/**
 * One entry of a tar stream, its extended headers applied.
 *
 * @param name as written; not yet checked
 * @param linkName target of a link; empty for others
 * @param mode permission bits with setuid, setgid and sticky
 * @param storedBytes bytes of data that follow in the stream
 * @param fileBytes length of the file, larger than storedBytes when it is sparse
 * @param parts where the stored bytes belong; empty unless sparse
 * @param attributes extended attributes by full name
 */
record TarEntry(
    String name,
    Kind kind,
    String linkName,
    int mode,
    int uid,
    int gid,
    long mtimeSeconds,
    int mtimeNanos,
    long storedBytes,
    long fileBytes,
    List<Part> parts,
    Map<String, byte[]> attributes) {

  enum Kind {
    FILE,
    DIRECTORY,
    SYMLINK,
    HARD_LINK,
    FIFO,
    DEVICE
  }

  /** A run of stored bytes of a sparse file. */
  record Part(long offset, long length) {}
}
