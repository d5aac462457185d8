/**
 * Root file systems: a container's own writable layer over an image's shared ones.
 *
 * <p>In come a task, a container's name and unpacked layers; out comes a mounted folder. All that a
 * task writes, its volumes too, is below one folder of the task's own, and {@link
 * dev.berth.agent.snapshot.TaskStorage} bounds it. The mount table and the folders are the only
 * record. Start reading at {@link dev.berth.agent.snapshot.OverlaySnapshotter}.
 */
@NullMarked
package dev.berth.agent.snapshot;

import org.jspecify.annotations.NullMarked;
