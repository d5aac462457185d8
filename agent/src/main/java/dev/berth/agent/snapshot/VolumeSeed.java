package dev.berth.agent.snapshot;

/**
 * A volume, and what it may begin with: the content of a container's root file system at that path.
 *
 * @param volume its name in the task
 */
public record VolumeSeed(String volume, String containerName, String containerPath) {}
