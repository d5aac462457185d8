/** A store in memory alone, as simple as can be: for tests, and to hold the others against. */
@NullMarked
package dev.berth.logs.memory;

import org.jspecify.annotations.NullMarked;
