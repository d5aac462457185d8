/**
 * How the server serves: how soon it is ready, what it takes while idle, and how quickly it answers
 * with many records. Start reading at {@link dev.berth.bench.serve.RecordsBench}.
 */
@NullMarked
package dev.berth.bench.serve;

import org.jspecify.annotations.NullMarked;
