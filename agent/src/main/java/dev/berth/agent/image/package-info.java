/**
 * The images of one host: pulled or loaded, unpacked once a layer, ready to be mounted.
 *
 * <p>Enters: a reference and credentials, or an archive file. Leaves: an {@link
 * dev.berth.agent.image.Image} with directories for overlayfs, or an {@link
 * dev.berth.model.image.ImageFailure}. Invariants: what has its final name is complete and
 * verified; a process killed at any moment leaves only staging and partial blobs, which the next
 * start sweeps or goes on with; what an owner has leased is not deleted. One process a root. Start
 * reading at {@link dev.berth.agent.image.ImageStore}.
 */
@NullMarked
package dev.berth.agent.image;

import org.jspecify.annotations.NullMarked;
