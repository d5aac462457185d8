package dev.berth.logs.segment;

import dev.berth.logs.GroupId;
import dev.berth.logs.GroupSettings;
import dev.berth.logs.LogGroup;
import java.util.List;
import java.util.TreeMap;

/** A group in memory; guarded by the lock of {@link Contents}. */
final class GroupState {
  final long ordinal;
  final GroupId id;
  final long createdMillis;
  GroupSettings settings;
  final TreeMap<String, StreamState> streams = new TreeMap<>();
  List<SealedSegment> segments = List.of();

  GroupState(long ordinal, GroupId id, long createdMillis, GroupSettings settings) {
    this.ordinal = ordinal;
    this.id = id;
    this.createdMillis = createdMillis;
    this.settings = settings;
  }

  LogGroup shown() {
    long byteCount = streams.values().stream().mapToLong(each -> each.storedByteCount).sum();
    return new LogGroup(id, createdMillis, settings, byteCount);
  }
}
