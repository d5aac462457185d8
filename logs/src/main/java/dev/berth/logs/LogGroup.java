package dev.berth.logs;

/**
 * A group as it stands.
 *
 * @param storedByteCount of its events' messages, before they were compressed, with what AWS counts
 *     beside them ({@link LogStore#EVENT_OVERHEAD_BYTE_COUNT})
 */
public record LogGroup(
    GroupId id, long createdMillis, GroupSettings settings, long storedByteCount) {}
