package dev.berth.model.secret;

/**
 * A value that only the vault that sealed it can open.
 *
 * @param text in letters, fit to be stored and shown
 */
public record Sealed(String text) {}
