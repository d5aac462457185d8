/**
 * Turns a layer's tar stream, which anybody may have written, into a directory for overlayfs.
 *
 * <p>Enters: compressed bytes from a registry or an archive. Leaves: one directory with full
 * fidelity, or a refusal. Invariants: nothing outside of the given directory is ever touched,
 * whatever the bytes are; nothing is read, unpacked or held beyond {@link
 * dev.berth.agent.image.layer.LayerLimits}. Start reading at {@link
 * dev.berth.agent.image.layer.LayerUnpacker}.
 *
 * <p>Names are Latin-1 strings in which a char is a byte, as in {@link
 * dev.berth.agent.linux.FileSystemCalls}.
 */
@NullMarked
package dev.berth.agent.image.layer;

import org.jspecify.annotations.NullMarked;
