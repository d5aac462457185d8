package dev.berth.agent.image.layer;

/**
 * What an unpacked layer takes.
 *
 * @param bytes of file content
 */
public record LayerSize(long bytes, int entryCount) {}
