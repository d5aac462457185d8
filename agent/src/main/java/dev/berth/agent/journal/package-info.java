/**
 * What the agent must still know after it was killed.
 *
 * <p>One small file a task, replaced as a whole by a rename, so that a reader sees the old or the
 * new one. Nothing is synced to the disk: a killed process loses nothing that it wrote, and after a
 * power cut the machine has another boot id, on which no task of the old one is ever started.
 * Enters and leaves: {@link dev.berth.agent.journal.TaskRecord}. Start reading at {@link
 * dev.berth.agent.journal.TaskJournal}.
 */
@NullMarked
package dev.berth.agent.journal;

import org.jspecify.annotations.NullMarked;
