/**
 * Events as they arrive, for those who look on. Memory is bounded: who does not keep up loses
 * events, and is told how many.
 */
@NullMarked
package dev.berth.logs.tail;

import org.jspecify.annotations.NullMarked;
