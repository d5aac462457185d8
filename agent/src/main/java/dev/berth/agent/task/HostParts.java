package dev.berth.agent.task;

import dev.berth.agent.api.TaskApi;
import dev.berth.agent.cgroup.Cgroups;
import dev.berth.agent.image.TaskImages;
import dev.berth.agent.logs.TaskLogs;
import dev.berth.agent.network.TaskNetworks;
import dev.berth.agent.runtime.ContainerRuntime;
import dev.berth.agent.snapshot.Snapshotter;

/** All that a task is made of on this host. */
public record HostParts(
    Cgroups cgroups,
    Snapshotter snapshots,
    TaskNetworks networks,
    ContainerRuntime runtime,
    TaskImages images,
    TaskLogs logs,
    TaskApi api) {}
