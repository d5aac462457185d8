package dev.berth.agent.journal;

import dev.berth.model.host.HostId;
import java.io.IOException;
import java.nio.file.Files;
import java.util.HexFormat;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** What an agent keeps of itself: its host's name, its starts, and the newest generation. */
public final class AgentIdentity {
  private static final int ID_BYTE_COUNT = 8;

  private final AgentFolder folder;
  private long generation;

  public AgentIdentity(AgentFolder folder) throws IOException {
    this.folder = folder;
    Files.createDirectories(folder.root());
    this.generation = number(WholeFile.readText(folder.generation()));
  }

  /** The host's name, chosen at the first start. */
  public HostId hostId(RandomGenerator random) throws IOException {
    var kept = WholeFile.readText(folder.hostId());
    if (kept.isPresent()) {
      return new HostId(kept.get());
    }
    byte[] bytes = new byte[ID_BYTE_COUNT];
    random.nextBytes(bytes);
    var id = new HostId("host-" + HexFormat.of().formatHex(bytes));
    WholeFile.writeTextDurably(folder.hostId(), id.value());
    return id;
  }

  /** Counts this start, and gives its number. */
  public long nextIncarnation() throws IOException {
    long next = number(WholeFile.readText(folder.incarnation())) + 1;
    WholeFile.writeTextDurably(folder.incarnation(), Long.toString(next));
    return next;
  }

  /**
   * Whether a message of that generation may be followed. A newer one is kept before this returns,
   * so that no later life of the agent follows an older one either.
   */
  public synchronized boolean admits(long offered) throws IOException {
    if (offered > generation) {
      WholeFile.writeTextDurably(folder.generation(), Long.toString(offered));
      generation = offered;
    }
    return offered == generation;
  }

  private static long number(Optional<String> text) throws IOException {
    try {
      return text.map(Long::parseLong).orElse(0L);
    } catch (NumberFormatException e) {
      throw new IOException("a number kept by the agent is '" + text.get() + "'", e);
    }
  }
}
