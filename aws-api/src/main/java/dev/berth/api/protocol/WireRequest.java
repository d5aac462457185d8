package dev.berth.api.protocol;

/**
 * What of a request may carry an operation's input.
 *
 * @param rawQuery still percent-encoded, without the question mark
 */
@SuppressWarnings("ArrayRecordComponent") // A body is compared by nobody, and copied by nobody.
public record WireRequest(String rawQuery, byte[] body) {}
