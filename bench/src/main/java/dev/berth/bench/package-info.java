/**
 * Side-by-side benchmarks: each measures Berth and what it is compared with in the same run, and
 * prints ratios, because absolute numbers of a shared machine mean little.
 */
@NullMarked
package dev.berth.bench;

import org.jspecify.annotations.NullMarked;
