package dev.berth.agent.logs;

/**
 * A part of a container's output that was given up: there are holes in the file, or nobody reads
 * what is there. Both ends are where a line begins; both are the same where nothing was given up.
 */
record OutputGap(long from, long until) {
  static final OutputGap NONE = new OutputGap(0, 0);

  boolean isEmpty() {
    return from >= until;
  }

  /** Where to go on reading that comes to this offset. */
  long after(long offset) {
    return from <= offset && offset < until ? until : offset;
  }

  /** How many bytes can be read from an offset on before the gap. */
  long readable(long offset) {
    return !isEmpty() && offset < from ? from - offset : Long.MAX_VALUE;
  }

  /** How many bytes of it lie behind an offset. */
  long bytesBehind(long offset) {
    return Math.max(0, until - Math.max(from, offset));
  }

  /** The one that has that part too, and what lies between. */
  OutputGap with(long start, long end) {
    return isEmpty()
        ? new OutputGap(start, end)
        : new OutputGap(Math.min(from, start), Math.max(until, end));
  }
}
