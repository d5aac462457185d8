package dev.berth.store.embedded;

import dev.berth.store.CommitResult;
import dev.berth.store.Transaction;
import java.util.concurrent.CompletableFuture;

/** A transaction whose caller waits for its answer. */
record Pending(Transaction transaction, CompletableFuture<CommitResult> answer) {
  Pending(Transaction transaction) {
    this(transaction, new CompletableFuture<>());
  }
}
