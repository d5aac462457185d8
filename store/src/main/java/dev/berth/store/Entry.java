package dev.berth.store;

/**
 * A key with its value.
 *
 * @param version the revision that last changed the key; at least 1
 */
public record Entry(String key, Value value, long version) {}
