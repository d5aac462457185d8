package dev.berth.logs.segment;

import dev.berth.logs.LogStoreException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds out what is in a directory, throws away what is half done, and opens the store. */
final class Opening {
  private static final Logger LOG = LoggerFactory.getLogger(Opening.class);

  private final Layout layout;
  private final InstantSource clock;
  private final Contents contents = new Contents();
  private long numberMax;

  Opening(Layout layout, InstantSource clock) {
    this.layout = layout;
    this.clock = clock;
  }

  SegmentLogStore open() throws IOException {
    Files.createDirectories(layout.directory());
    var lock = lock();
    try {
      var catalog = Catalog.open(layout.catalog());
      var numbers = layout.journals();
      catalog.groups().forEach(contents::add);
      contents.reserve(catalog.nextOrdinal());
      removeGroupsThatAreGone(catalog);
      for (var group : catalog.groups()) {
        group.segments = segments(group.ordinal, numbers);
      }
      var full = new ArrayList<Journal>();
      for (long number : numbers) {
        var journal = Journal.open(layout.journal(number), number, contents::noteReplayed);
        contents.add(journal);
        full.add(journal);
      }
      Journal active = full.isEmpty() ? firstJournal() : full.removeLast();
      LOG.atInfo()
          .addKeyValue("directory", layout.directory())
          .addKeyValue("groups", catalog.groups().size())
          .log("log store opened");
      return new SegmentLogStore(lock, layout, catalog, contents, full, active, clock);
    } catch (IOException | RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  private Journal firstJournal() throws IOException {
    long number = numberMax + 1;
    var journal = Journal.open(layout.journal(number), number, _ -> {});
    Layout.sync(layout.directory());
    contents.add(journal);
    return journal;
  }

  private FileChannel lock() throws IOException {
    var file = FileChannel.open(layout.lock(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      if (file.tryLock() != null) {
        return file; // The lock lives as long as its file is open.
      }
    } catch (OverlappingFileLockException e) {
      LOG.atDebug().setCause(e).log("locked by this process");
    }
    file.close();
    throw new LogStoreException("the log store in " + layout.directory() + " is already in use");
  }

  private void removeGroupsThatAreGone(Catalog catalog) throws IOException {
    var known = catalog.groups().stream().map(group -> group.ordinal).collect(Collectors.toSet());
    for (long ordinal : layout.groups()) {
      if (!known.contains(ordinal)) {
        layout.removeGroup(ordinal);
      }
    }
  }

  /** A segment whose journal is still there was never finished with: it is made again. */
  private List<SealedSegment> segments(long group, List<Long> journals) throws IOException {
    if (!Files.isDirectory(layout.group(group))) {
      return List.of();
    }
    var unfinished = new HashSet<>(journals);
    var segments = new ArrayList<SealedSegment>();
    for (long number : layout.segments(group)) {
      Path path = layout.segment(group, number);
      if (unfinished.contains(number)) {
        Files.delete(path);
        continue;
      }
      numberMax = Math.max(numberMax, number);
      try {
        segments.add(SealedSegment.open(path, number));
      } catch (IOException e) {
        LOG.atError().addKeyValue("file", path).setCause(e).log("a segment is damaged; left out");
      }
    }
    return List.copyOf(segments);
  }
}
