/**
 * A durable store inside this process: RocksDB, with group commit of our own.
 *
 * <p>Enters: transactions, from any number of threads. Leaves: the same as of every store; what was
 * acknowledged has been fsynced.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>One thread decides and writes: see {@link dev.berth.store.embedded.Committer}. Callers only
 *       park, so virtual threads are never pinned by an fsync. Reads call RocksDB on the caller's
 *       thread; they are short.
 *   <li>Nothing is visible before it is durable: RocksDB applies a batch only after its log was
 *       synced.
 *   <li>After a failed write nothing is committed until the store is opened again.
 *   <li>Native memory is only touched between open and close: see {@link
 *       dev.berth.store.embedded.Database}.
 * </ul>
 *
 * <p>Start reading at {@link dev.berth.store.embedded.EmbeddedStore}.
 */
@NullMarked
package dev.berth.store.embedded;

import org.jspecify.annotations.NullMarked;
