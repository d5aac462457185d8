package dev.berth.logs.segment;

import dev.berth.logs.Appended;
import dev.berth.logs.Changed;
import dev.berth.logs.GroupId;
import dev.berth.logs.GroupSettings;
import dev.berth.logs.SourceSpan;
import dev.berth.logs.StreamId;
import dev.berth.model.log.EventBlock;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;

/** What waits for the committer. */
sealed interface Pending {
  /** Of memory that it holds. */
  default long byteCount() {
    return 0;
  }

  /** Nothing of it was done, or nobody knows. */
  void fail(Throwable cause);

  record Append(
      StreamId stream,
      EventBlock block,
      long messageByteCount,
      Optional<SourceSpan> source,
      long ingestedMillis,
      CompletableFuture<Appended> answer)
      implements Pending {
    @Override
    public long byteCount() {
      return block.compressed().length;
    }

    @Override
    public void fail(Throwable cause) {
      answer.completeExceptionally(cause);
    }
  }

  record Change(Wish wish, CompletableFuture<Changed> answer) implements Pending {
    @Override
    public void fail(Throwable cause) {
      answer.completeExceptionally(cause);
    }
  }

  /** A journal was sealed: these segments take its place. */
  record Sealed(Journal journal, Map<Long, SealedSegment> segments) implements Pending {
    @Override
    public void fail(Throwable cause) {}
  }

  /** Segments of which every event is older than its group keeps them may go. */
  record Expire(long nowMillis, CompletableFuture<Changed> answer) implements Pending {
    @Override
    public void fail(Throwable cause) {
      answer.completeExceptionally(cause);
    }
  }

  /** A change to groups and streams. */
  sealed interface Wish {
    record CreateGroup(GroupId id, long createdMillis, GroupSettings settings) implements Wish {}

    record ChangeGroup(GroupId id, UnaryOperator<GroupSettings> change) implements Wish {}

    record DeleteGroup(GroupId id) implements Wish {}

    record CreateStream(StreamId id, long createdMillis) implements Wish {}

    record DeleteStream(StreamId id) implements Wish {}
  }
}
