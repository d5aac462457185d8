/**
 * How records are written down, on the link and in stores: JSON with a format version.
 *
 * <p>Enters and leaves: immutable records of the model. Unknown members are ignored, so that a
 * newer version's records can still be read; absent ones read as empty.
 */
@NullMarked
package dev.berth.link.format;

import org.jspecify.annotations.NullMarked;
