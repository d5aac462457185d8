package dev.berth.model.task;

/**
 * A volume of the task as one container sees it. A volume begins empty; what the image has at the
 * path is copied into an empty one, with its owners and modes, before any container starts.
 *
 * @param volume its name in the task
 * @param containerPath absolute
 */
public record VolumeMount(String volume, String containerPath, boolean readOnly) {}
