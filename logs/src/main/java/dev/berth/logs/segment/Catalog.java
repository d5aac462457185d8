package dev.berth.logs.segment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.logs.GroupId;
import dev.berth.logs.GroupSettings;
import dev.berth.logs.LogStoreException;
import dev.berth.logs.LogStream;
import dev.berth.logs.StreamId;
import dev.berth.model.identity.AccountId;
import dev.berth.model.identity.Realm;
import dev.berth.model.identity.Region;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * The file of groups and streams: each record is one of them as it stands, or says that it is gone.
 * Written anew when it is opened and most of it is out of date. Written by the committer alone.
 */
final class Catalog implements AutoCloseable {
  /** As records were first written; a newer one is refused. */
  private static final int FORMAT = 1;

  private static final int REWRITE_BYTE_COUNT_MIN = 1 << 20;
  private static final int REWRITE_RECORD_COUNT = 1_000;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final RecordFile file;
  private final Found found;

  private Catalog(RecordFile file, Found found) {
    this.file = file;
    this.found = found;
  }

  /** What was in the file. Numbers are never used twice, also not those of what is gone. */
  private static final class Found {
    final TreeMap<Long, GroupState> groups = new TreeMap<>();
    final HashMap<Long, StreamState> streams = new HashMap<>();
    long nextOrdinal;
    long recordCount;

    void used(long ordinal) {
      nextOrdinal = Math.max(nextOrdinal, ordinal + 1);
    }
  }

  static Catalog open(Path path) throws IOException {
    var found = new Found();
    var file = RecordFile.open(path, (_, body) -> replay(body, found));
    long live = found.groups.size() + (long) found.streams.size();
    if (file.byteCount() > REWRITE_BYTE_COUNT_MIN && found.recordCount > 4 * live) {
      file.close();
      return new Catalog(rewritten(path, found), found);
    }
    return new Catalog(file, found);
  }

  private static RecordFile rewritten(Path path, Found found) throws IOException {
    var fresh = path.resolveSibling(path.getFileName() + ".new");
    Files.deleteIfExists(fresh);
    try (var file = RecordFile.open(fresh, (_, _) -> {})) {
      var records = new ArrayList<byte[]>();
      records.add(bytes(record().put("nextOrdinal", found.nextOrdinal)));
      for (var group : found.groups.values()) {
        records.add(record(group));
        for (var stream : group.streams.values()) {
          records.add(record(stream));
          if (records.size() >= REWRITE_RECORD_COUNT) {
            file.append(records);
            records.clear();
          }
        }
      }
      file.append(records);
    }
    Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    Layout.sync(path.resolveSibling("."));
    return RecordFile.open(path, (_, _) -> {});
  }

  /** What was found when it was opened. */
  Collection<GroupState> groups() {
    return found.groups.values();
  }

  /** The first number that was never used. */
  long nextOrdinal() {
    return found.nextOrdinal;
  }

  void put(GroupState group) throws IOException {
    file.append(List.of(record(group)));
  }

  void put(StreamState stream) throws IOException {
    file.append(List.of(record(stream)));
  }

  void putStreams(List<byte[]> records) throws IOException {
    file.append(records);
  }

  void removeGroup(long ordinal) throws IOException {
    file.append(List.of(bytes(record().put("groupGone", ordinal))));
  }

  void removeStream(long ordinal) throws IOException {
    file.append(List.of(bytes(record().put("streamGone", ordinal))));
  }

  private static ObjectNode record() {
    return JSON.createObjectNode().put("format", FORMAT);
  }

  private static byte[] record(GroupState group) {
    ObjectNode node =
        record()
            .put("group", group.ordinal)
            .put("account", group.id.realm().account().value())
            .put("region", group.id.realm().region().value())
            .put("name", group.id.name())
            .put("createdMillis", group.createdMillis)
            .put("logClass", group.settings.logClass());
    group.settings.retentionDays().ifPresent(days -> node.put("retentionDays", days));
    var tags = node.putObject("tags");
    group.settings.tags().forEach(tags::put);
    return bytes(node);
  }

  static byte[] record(StreamState stream) {
    ObjectNode node =
        record()
            .put("stream", stream.ordinal)
            .put("of", stream.group.ordinal)
            .put("name", stream.id.name())
            .put("createdMillis", stream.createdMillis)
            .put("nextSequence", stream.nextSequence)
            .put("storedByteCount", stream.storedByteCount);
    stream.source.ifPresent(
        source ->
            node.put("sourceOffset", source.offset()).put("sourceComplete", source.complete()));
    stream.extent.ifPresent(
        extent ->
            node.put("firstMillis", extent.firstMillis())
                .put("lastMillis", extent.lastMillis())
                .put("lastIngestedMillis", extent.lastIngestedMillis()));
    return bytes(node);
  }

  private static byte[] bytes(ObjectNode node) {
    try {
      return JSON.writeValueAsBytes(node);
    } catch (IOException e) {
      throw new IllegalStateException("a record cannot be written", e);
    }
  }

  private static void replay(ByteBuffer body, Found found) {
    byte[] bytes = new byte[body.remaining()];
    body.get(bytes);
    JsonNode node;
    try {
      node = JSON.readTree(bytes);
    } catch (IOException e) {
      throw new LogStoreException("a record of the catalog is not JSON", e);
    }
    if (node.path("format").asInt() > FORMAT) {
      throw new LogStoreException("the log store was written by a newer Berth");
    }
    found.recordCount++;
    if (node.has("nextOrdinal")) {
      found.used(node.path("nextOrdinal").asLong() - 1);
    } else if (node.has("groupGone")) {
      var gone = found.groups.remove(node.path("groupGone").asLong());
      if (gone != null) {
        gone.streams.values().forEach(stream -> found.streams.remove(stream.ordinal));
      }
    } else if (node.has("streamGone")) {
      var gone = found.streams.remove(node.path("streamGone").asLong());
      if (gone != null) {
        gone.group.streams.remove(gone.id.name());
      }
    } else if (node.has("group")) {
      found.used(node.path("group").asLong());
      group(node, found);
    } else {
      found.used(node.path("stream").asLong());
      stream(node, found);
    }
  }

  private static void group(JsonNode node, Found found) {
    var tags = new HashMap<String, String>();
    node.path("tags").properties().forEach(tag -> tags.put(tag.getKey(), tag.getValue().asText()));
    var settings =
        new GroupSettings(
            node.has("retentionDays")
                ? OptionalInt.of(node.path("retentionDays").asInt())
                : OptionalInt.empty(),
            tags,
            node.path("logClass").asText());
    long ordinal = node.path("group").asLong();
    var known = found.groups.get(ordinal);
    if (known != null) {
      known.settings = settings;
      return;
    }
    var realm =
        new Realm(
            new AccountId(node.path("account").asText()), new Region(node.path("region").asText()));
    found.groups.put(
        ordinal,
        new GroupState(
            ordinal,
            new GroupId(realm, node.path("name").asText()),
            node.path("createdMillis").asLong(),
            settings));
  }

  private static void stream(JsonNode node, Found found) {
    var group = found.groups.get(node.path("of").asLong());
    if (group == null) {
      return;
    }
    long ordinal = node.path("stream").asLong();
    var stream =
        found.streams.computeIfAbsent(
            ordinal,
            _ ->
                new StreamState(
                    ordinal,
                    new StreamId(group.id, node.path("name").asText()),
                    group,
                    node.path("createdMillis").asLong()));
    stream.nextSequence = node.path("nextSequence").asLong();
    stream.storedByteCount = node.path("storedByteCount").asLong();
    stream.source =
        node.has("sourceOffset")
            ? Optional.of(
                new LogStream.SourceProgress(
                    node.path("sourceOffset").asLong(), node.path("sourceComplete").asBoolean()))
            : Optional.empty();
    stream.extent =
        node.has("firstMillis")
            ? Optional.of(
                new LogStream.Extent(
                    node.path("firstMillis").asLong(),
                    node.path("lastMillis").asLong(),
                    node.path("lastIngestedMillis").asLong()))
            : Optional.empty();
    group.streams.put(stream.id.name(), stream);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
