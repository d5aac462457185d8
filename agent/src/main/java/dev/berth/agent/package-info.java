/** Makes it true on one host, as root. */
@NullMarked
package dev.berth.agent;

import org.jspecify.annotations.NullMarked;
