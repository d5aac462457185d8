/** How fast, and how completely, what a task writes gets into its log stream. */
@NullMarked
package dev.berth.bench.logs;

import org.jspecify.annotations.NullMarked;
