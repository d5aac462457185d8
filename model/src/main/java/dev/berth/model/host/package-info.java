/** Hosts and what they can carry. No AWS API ever shows one. */
@NullMarked
package dev.berth.model.host;

import org.jspecify.annotations.NullMarked;
