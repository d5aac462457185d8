/**
 * Versioned keys: get, range, watch and commit-if-unchanged. Everything that Berth must not forget
 * is kept behind {@link dev.berth.store.Store}, and nothing here knows what the values mean.
 *
 * <p>Enters: transactions. Leaves: entries, snapshots, and changes in the order they were
 * committed.
 *
 * <p>Invariants, held by every implementation and tested by one conformance suite:
 *
 * <ul>
 *   <li>A transaction is applied whole or not at all, and only if all that it required was true at
 *       that moment.
 *   <li>Each transaction that changes something gets the next revision: 1, 2, 3 … in embedded
 *       stores, and strictly growing in all. The version of a key is the revision of its last
 *       change; 0 means absent.
 *   <li>What was answered with {@link dev.berth.store.CommitResult.Committed} is durable, as far as
 *       the store is.
 *   <li>A watch shows every revision that touches its prefix once and in order, or says that it
 *       cannot.
 *   <li>Keys are ordered by their UTF-8 bytes.
 * </ul>
 *
 * <p>Start reading at {@link dev.berth.store.Store}; then {@link
 * dev.berth.store.memory.MemoryStore} (the plainest implementation) and {@link
 * dev.berth.store.embedded.EmbeddedStore}.
 */
@NullMarked
package dev.berth.store;

import org.jspecify.annotations.NullMarked;
