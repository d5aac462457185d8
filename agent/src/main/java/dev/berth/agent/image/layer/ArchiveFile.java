package dev.berth.agent.image.layer;

import dev.berth.model.image.ImageException;
import dev.berth.model.image.ImageFailure;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Members of a plain tar file by name, in any order. Image archives put their manifest last. */
public final class ArchiveFile implements AutoCloseable {
  /** Several times what the largest image has. */
  private static final int MEMBER_COUNT_MAX = 10_000;

  private static final int LINK_COUNT_MAX = 8;
  private static final int BUFFER_BYTES = 64 * 1024;

  private final FileChannel channel;
  private final Map<String, Member> members = new HashMap<>();
  private final Map<String, String> links = new HashMap<>();

  /** Where a member's bytes are in the file. */
  private record Member(long offset, long sizeBytes) {}

  private ArchiveFile(FileChannel channel) {
    this.channel = channel;
  }

  /** Opens a tar file and finds its members. */
  public static ArchiveFile open(Path file) throws IOException {
    var archive = new ArchiveFile(FileChannel.open(file, StandardOpenOption.READ));
    try {
      archive.index();
    } catch (IOException e) {
      archive.close();
      throw e;
    }
    return archive;
  }

  private void index() throws IOException {
    var tar = new TarReader(new Slice(0, channel.size()));
    Optional<TarEntry> next = tar.next();
    while (next.isPresent()) {
      TarEntry entry = next.get();
      String name = LayerTree.place(entry.name()).path();
      switch (entry.kind()) {
        case FILE -> members.put(name, new Member(tar.position(), entry.storedBytes()));
        case SYMLINK -> links.put(name, resolved(name, entry.linkName()));
        case HARD_LINK -> links.put(name, LayerTree.place(entry.linkName()).path());
        case DIRECTORY, FIFO, DEVICE -> {
          // Carry nothing of an image.
        }
      }
      if (members.size() + links.size() > MEMBER_COUNT_MAX) {
        throw new ImageException(
            new ImageFailure.TooLarge("an archive's number of members", MEMBER_COUNT_MAX));
      }
      next = tar.next();
    }
  }

  /**
   * Docker links equal layers as {@code ../<id>/layer.tar}. Only names in the archive can come of
   * it.
   */
  private static String resolved(String name, String target) {
    Path parent = Path.of("/" + name).getParent();
    return parent == null ? target : parent.resolve(target).normalize().toString().substring(1);
  }

  public boolean contains(String name) {
    return find(name).isPresent();
  }

  /** The length of a member; empty if there is none of that name. */
  public Optional<Long> sizeBytes(String name) {
    return find(name).map(Member::sizeBytes);
  }

  /** A member's bytes; empty if there is none of that name. */
  public Optional<InputStream> read(String name) {
    return find(name)
        .map(
            member ->
                new BufferedInputStream(
                    new Slice(member.offset(), member.sizeBytes()), BUFFER_BYTES));
  }

  private Optional<Member> find(String name) {
    String current = name;
    for (int followed = 0; followed < LINK_COUNT_MAX; followed++) {
      Member member = members.get(current);
      String link = links.get(current);
      if (member != null || link == null) {
        return Optional.ofNullable(member);
      }
      current = link;
    }
    return Optional.empty();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  /** A part of the file as a stream of its own, with a position of its own. */
  private final class Slice extends InputStream {
    private long position;
    private final long end;

    Slice(long offset, long sizeBytes) {
      this.position = offset;
      this.end = offset + sizeBytes;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      if (position >= end) {
        return -1;
      }
      var wanted = ByteBuffer.wrap(target, offset, (int) Math.min(length, end - position));
      int count = channel.read(wanted, position);
      position += Math.max(0, count);
      return count;
    }

    @Override
    public long skip(long wanted) {
      long skipped = Math.clamp(wanted, 0, end - position);
      position += skipped;
      return skipped;
    }

    @Override
    public int available() {
      return position < end ? 1 : 0;
    }
  }
}
