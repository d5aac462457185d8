/**
 * The network of tasks: how long a task waits for its interface, and what passes between two tasks
 * beside a plain bridge. Start reading at {@link dev.berth.bench.network.NetworkBench}.
 */
@NullMarked
package dev.berth.bench.network;

import org.jspecify.annotations.NullMarked;
