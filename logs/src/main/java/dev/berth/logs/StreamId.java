package dev.berth.logs;

/** A log stream by its name, which is unique in its group. */
public record StreamId(GroupId group, String name) {}
