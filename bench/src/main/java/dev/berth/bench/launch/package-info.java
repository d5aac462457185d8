/**
 * How long it takes from a wish to a container's first output, beside other runtimes in the same
 * run.
 *
 * <p>Every contender runs the same busybox image with the same command. Start reading at {@link
 * dev.berth.bench.launch.LaunchBench}.
 */
@NullMarked
package dev.berth.bench.launch;

import org.jspecify.annotations.NullMarked;
