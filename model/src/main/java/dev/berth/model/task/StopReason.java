package dev.berth.model.task;

/** Why a task stops or stopped: AWS's code and a sentence for a person. */
public record StopReason(StopCode code, String text) {}
