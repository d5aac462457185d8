/**
 * What a container image is, apart from where it is kept: its name, digest, platform and run
 * configuration, and the ways in which getting one can fail.
 *
 * <p>Enters: text that a user wrote (a reference) or that a registry sent. Leaves: validated
 * values; what does not parse leaves as an {@link dev.berth.model.image.ImageFailure}. Invariant: a
 * value of this package is always well-formed. Start reading at {@link
 * dev.berth.model.image.ImageReference}.
 */
@NullMarked
package dev.berth.model.image;

import org.jspecify.annotations.NullMarked;
