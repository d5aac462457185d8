/**
 * Makes one small image without a registry or any image tool.
 *
 * <p>Enters: a busybox. Leaves: the bytes of an OCI archive. Invariant: equal input gives equal
 * bytes, so that loading it again changes nothing. Start reading at {@link
 * dev.berth.cli.image.WelcomeImage}.
 */
@NullMarked
package dev.berth.cli.image;

import org.jspecify.annotations.NullMarked;
