/**
 * How a store that keeps a bounded history of its own serves watches from it.
 *
 * <p>Enters: a {@link dev.berth.store.history.History} and the {@link
 * dev.berth.store.history.Revisions} it has reached. Leaves: watches.
 *
 * <p>Invariants: the history has one record for each revision from its oldest to its newest, so a
 * gap can only mean that the older ones were forgotten; writers publish a revision after it can be
 * read and never wait for a reader; a watch holds one page.
 *
 * <p>Start reading at {@link dev.berth.store.history.HistoryWatch}.
 */
@NullMarked
package dev.berth.store.history;

import org.jspecify.annotations.NullMarked;
