/**
 * A durable store in a directory of this machine.
 *
 * <pre>
 *   append ──▶ journal-N.log ──(64 MiB)──▶ sealed: g7/N.seg, g9/N.seg …   one file a group
 *                one fsync for all             small blocks of a stream joined and compressed anew
 *   groups and streams ──▶ catalog.log         retention drops whole files
 * </pre>
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>One thread writes the journal and the catalog; nothing is visible before it was synced.
 *   <li>A journal is the truth until all of its sealed files are synced and it is deleted: what a
 *       killed sealing left is thrown away and made again.
 *   <li>A record carries a checksum, and how much of its file was synced before it. So a torn tail,
 *       which nobody was promised, is told from damage, which is reported and stepped over.
 *   <li>Memory grows with the number of streams, never with that of events: an index covers one
 *       journal, a reading keeps one page and one block.
 *   <li>After a failed write nothing is written until the store is opened again.
 * </ul>
 *
 * <p>Start reading at {@link dev.berth.logs.segment.SegmentLogStore}.
 */
@NullMarked
package dev.berth.logs.segment;

import org.jspecify.annotations.NullMarked;
