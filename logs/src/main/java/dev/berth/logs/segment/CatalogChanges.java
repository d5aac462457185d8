package dev.berth.logs.segment;

import dev.berth.logs.Changed;
import dev.berth.logs.GroupSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Changes of groups and streams: first in the catalog, then to be seen. The committer's. */
final class CatalogChanges {
  private static final Logger LOG = LoggerFactory.getLogger(CatalogChanges.class);

  private final Layout layout;
  private final Catalog catalog;
  private final Contents contents;

  CatalogChanges(Layout layout, Catalog catalog, Contents contents) {
    this.layout = layout;
    this.catalog = catalog;
    this.contents = contents;
  }

  Changed apply(Pending.Wish wish) throws IOException {
    return switch (wish) {
      case Pending.Wish.CreateGroup create -> create(create);
      case Pending.Wish.ChangeGroup change -> change(change);
      case Pending.Wish.DeleteGroup delete -> delete(delete);
      case Pending.Wish.CreateStream create -> create(create);
      case Pending.Wish.DeleteStream delete -> delete(delete);
    };
  }

  private Changed create(Pending.Wish.CreateGroup wish) throws IOException {
    if (contents.group(wish.id()).isPresent()) {
      return Changed.EXISTS;
    }
    var group =
        new GroupState(contents.nextOrdinal(), wish.id(), wish.createdMillis(), wish.settings());
    catalog.put(group);
    contents.add(group);
    return Changed.DONE;
  }

  private Changed change(Pending.Wish.ChangeGroup wish) throws IOException {
    var found = contents.group(wish.id());
    if (found.isEmpty()) {
      return Changed.NO_GROUP;
    }
    var group = found.get();
    GroupSettings settings = wish.change().apply(group.settings);
    catalog.put(new GroupState(group.ordinal, group.id, group.createdMillis, settings));
    contents.change(group, settings);
    return Changed.DONE;
  }

  private Changed delete(Pending.Wish.DeleteGroup wish) throws IOException {
    var found = contents.group(wish.id());
    if (found.isEmpty()) {
      return Changed.NO_GROUP;
    }
    catalog.removeGroup(found.get().ordinal);
    contents.remove(found.get());
    layout.removeGroup(found.get().ordinal);
    return Changed.DONE;
  }

  private Changed create(Pending.Wish.CreateStream wish) throws IOException {
    var group = contents.group(wish.id().group());
    if (group.isEmpty()) {
      return Changed.NO_GROUP;
    }
    if (contents.stream(wish.id()).isPresent()) {
      return Changed.EXISTS;
    }
    var stream =
        new StreamState(contents.nextOrdinal(), wish.id(), group.get(), wish.createdMillis());
    catalog.put(stream);
    contents.add(stream);
    return Changed.DONE;
  }

  private Changed delete(Pending.Wish.DeleteStream wish) throws IOException {
    if (contents.group(wish.id().group()).isEmpty()) {
      return Changed.NO_GROUP;
    }
    var stream = contents.stream(wish.id());
    if (stream.isEmpty()) {
      return Changed.NO_STREAM;
    }
    catalog.removeStream(stream.get().ordinal);
    contents.remove(stream.get());
    return Changed.DONE;
  }

  /** Deletes segments of which every event is too old. */
  void expire(long nowMillis) throws IOException {
    for (var group : contents.allGroups()) {
      var days = group.settings.retentionDays();
      if (days.isEmpty()) {
        continue;
      }
      long cutoff = nowMillis - Duration.ofDays(days.getAsInt()).toMillis();
      for (var segment : group.segments) {
        if (segment.lastMillis() < cutoff) {
          contents.drop(group, segment, segment.places());
          Files.deleteIfExists(segment.path());
          LOG.atInfo()
              .addKeyValue("group", group.id.name())
              .addKeyValue("segment", segment.number())
              .log("segment expired");
        }
      }
    }
  }
}
