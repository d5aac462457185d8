package dev.berth.api.protocol;

import java.util.Map;

/** An answer ready for the wire. */
@SuppressWarnings("ArrayRecordComponent") // A body is compared by nobody, and copied by nobody.
public record WireAnswer(
    int status, String contentType, Map<String, String> headers, byte[] body) {}
