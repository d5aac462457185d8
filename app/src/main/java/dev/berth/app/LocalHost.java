package dev.berth.app;

import dev.berth.agent.Agent;
import dev.berth.agent.AgentSettings;
import dev.berth.agent.Machine;
import dev.berth.agent.api.HttpTaskApi;
import dev.berth.agent.api.TaskApi;
import dev.berth.agent.cgroup.HostCgroups;
import dev.berth.agent.image.ImageStore;
import dev.berth.agent.image.ImageStoreSettings;
import dev.berth.agent.image.StoredTaskImages;
import dev.berth.agent.linux.ReadinessWatcher;
import dev.berth.agent.linux.TreeRemoval;
import dev.berth.agent.logs.LogShipping;
import dev.berth.agent.network.VpcTaskNetworks;
import dev.berth.agent.runtime.ConmonOutput;
import dev.berth.agent.runtime.ConmonRuntime;
import dev.berth.agent.snapshot.BtrfsStorage;
import dev.berth.agent.snapshot.FolderStorage;
import dev.berth.agent.snapshot.LoopStorage;
import dev.berth.agent.snapshot.OverlaySnapshotter;
import dev.berth.agent.snapshot.TaskStorage;
import dev.berth.agent.task.HostParts;
import dev.berth.agent.task.VirtualThreads;
import dev.berth.model.image.Platform;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The agent of this machine, with everything real below it. */
final class LocalHost implements AutoCloseable {
  /** Interfaces of each VPC made ahead; each costs a few pages of kernel memory. */
  private static final int NETWORK_POOL_COUNT = 16;

  private static final Logger LOG = LoggerFactory.getLogger(LocalHost.class);

  private final HostLayout layout;
  private final Agent agent;
  private final ImageStore images;
  private final HostCgroups cgroups;
  private final VpcTaskNetworks networks;
  private final TaskStorage storage;

  private LocalHost(
      HostLayout layout,
      Agent agent,
      ImageStore images,
      HostCgroups cgroups,
      VpcTaskNetworks networks,
      TaskStorage storage) {
    this.layout = layout;
    this.agent = agent;
    this.images = images;
    this.cgroups = cgroups;
    this.networks = networks;
    this.storage = storage;
  }

  /**
   * Opens all parts and takes up what an earlier process left.
   *
   * @param data the agent's own folder, kept over restarts of the machine
   * @param api where AWS's API is answered for tasks; without it they do not reach it
   */
  static LocalHost open(Path data, HostOptions options, Optional<InetSocketAddress> api)
      throws IOException, InterruptedException {
    var layout = new HostLayout(data);
    Files.createDirectories(layout.data());
    makeForRootAlone(layout.memory());
    var clock = InstantSource.system();
    var random = new SecureRandom();
    var machine = Machine.read();
    AgentSettings settings = options.settings(data, machine.capacity());
    var platform = Platform.ofEcs(machine.architecture()).orElseThrow();
    var images = ImageStore.open(layout.images(), ImageStoreSettings.STANDARD, clock, random);
    var cgroups = HostCgroups.open(layout.cgroupParent());
    var networks =
        VpcTaskNetworks.open(
            layout.vpcs(), layout.hostNames(), options.hasHostAccess(), NETWORK_POOL_COUNT);
    api.ifPresent(networks::forward);
    var runtime =
        ConmonRuntime.open(
            layout.runtime(), layout.output(), cgroups.parentPath(), new ReadinessWatcher(), clock);
    var storage = storage(layout);
    var parts =
        new HostParts(
            cgroups,
            new OverlaySnapshotter(storage),
            networks,
            runtime,
            new StoredTaskImages(images, platform),
            new LogShipping(runtime, runtime),
            api.<TaskApi>map(address -> new HttpTaskApi(address, clock)).orElse(TaskApi.NONE));
    var told =
        settings.withAttributes(
            Map.of(
                "runtime", runtime.runtimeName(),
                "cgroup", cgroups.version().name(),
                "storage", storage.kind(),
                "kernel", System.getProperty("os.version", "")));
    var agent =
        new Agent(told, machine, parts, new ConmonOutput(), new VirtualThreads(), clock, random);
    agent.start();
    return new LocalHost(layout, agent, images, cgroups, networks, storage);
  }

  /** Bounded, or, where this machine cannot do that, not: the host's attributes say which. */
  private static TaskStorage storage(HostLayout layout) throws IOException, InterruptedException {
    try {
      return BtrfsStorage.open(layout.snapshots());
    } catch (IOException e) {
      LOG.atInfo().addKeyValue("why", e.getMessage()).log("a file system for each task is used");
    }
    try {
      return LoopStorage.open(layout.snapshots(), layout.storage());
    } catch (IOException e) {
      LOG.atWarn().setCause(e).log("no bound is kept on what tasks write to this host's disk");
      return new FolderStorage(layout.snapshots());
    }
  }

  /** Others may make folders beside it, but nobody made it in our place. */
  private static void makeForRootAlone(Path folder) throws IOException {
    Files.createDirectories(folder);
    if (!Files.getAttribute(folder, "unix:uid", LinkOption.NOFOLLOW_LINKS).equals(0)) {
      throw new IOException(folder + " belongs to somebody else: remove it");
    }
    if (!HostLayout.isMemory(folder)) {
      LOG.atWarn()
          .addKeyValue("folder", folder)
          .log("neither /run nor /dev/shm is in memory: containers' secrets are on this disk");
    }
  }

  Agent agent() {
    return agent;
  }

  ImageStore images() {
    return images;
  }

  /**
   * Removes everything that the kernel keeps for this agent, and its files of this boot.
   *
   * @throws IOException when a task is left, and then removes nothing
   */
  void retire() throws IOException {
    if (!cgroups.list().isEmpty() || !networks.list().isEmpty()) {
      throw new IOException("tasks are left on this host: stop them first");
    }
    agent.close();
    networks.retire();
    cgroups.retire();
    storage.retire();
    TreeRemoval.remove(layout.memory());
  }

  /** Lets go; tasks run on. */
  @Override
  public void close() throws IOException {
    agent.close();
    networks.close();
    images.close();
  }
}
