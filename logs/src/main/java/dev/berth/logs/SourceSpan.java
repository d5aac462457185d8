package dev.berth.logs;

/**
 * The part of a source that a block covers.
 *
 * @param after where the block before it ended: it is stored only if the stream stands there
 * @param end where the next one begins
 * @param complete the source ends here
 */
public record SourceSpan(long after, long end, boolean complete) {}
