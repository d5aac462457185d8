package dev.berth.agent.network;

import dev.berth.model.task.TaskId;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Task networks taken from a pool that is filled in the background, so that a launch waits for
 * none.
 *
 * <p>Each namespace has one address of a private range; the host forwards its packets and hides
 * them behind its own address. The link {@code tasks/<task>}, which names the slot, is made in one
 * step and is the only thing that gives a slot to a task.
 */
public final class PooledTaskNetworks implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PooledTaskNetworks.class);
  private static final Pattern MARK_FORM = Pattern.compile("[a-z0-9]{1,7}");
  private static final Path FORWARDING = Path.of("/proc/sys/net/ipv4/ip_forward");
  private static final long FILL_RETRY_MILLIS = 1_000;

  private final Path tasks;
  private final NamespaceSlots slots;
  private final NatTable table;
  private final ArrayBlockingQueue<Integer> ready;
  private final boolean switchedForwardingOn;
  private final Thread filler;

  private PooledTaskNetworks(
      Path tasks,
      NamespaceSlots slots,
      NatTable table,
      int poolCountMax,
      boolean switchedForwardingOn) {
    this.tasks = tasks;
    this.slots = slots;
    this.table = table;
    this.ready = new ArrayBlockingQueue<>(poolCountMax);
    this.switchedForwardingOn = switchedForwardingOn;
    this.filler = Thread.ofVirtual().name("network-pool").unstarted(this::fill);
  }

  /**
   * Prepares the host: removes what a killed agent had made ahead, puts the nftables table in place
   * and switches IPv4 forwarding on when it is off.
   *
   * @param folder the agent's own, where namespaces are bound
   * @param mark up to seven letters and digits, in the names of interfaces and of the table
   * @param range unlike that of every other agent on this host
   * @param poolCountMax how many namespaces wait for a task
   */
  public static PooledTaskNetworks open(
      Path folder, String mark, AddressRange range, int poolCountMax) throws IOException {
    if (!MARK_FORM.matcher(mark).matches()) {
      throw new IllegalArgumentException("'" + mark + "' cannot mark an interface");
    }
    var real = Files.createDirectories(folder).toRealPath();
    var namespaces = Files.createDirectories(real.resolve("netns"));
    var tasks = Files.createDirectories(real.resolve("tasks"));
    var slots = new NamespaceSlots(namespaces, interfacePrefix(mark), range);
    var table = new NatTable(tableName(mark));
    table.apply(range);
    boolean wasOff = Files.readString(FORWARDING).strip().equals("0");
    if (wasOff) {
      Files.writeString(FORWARDING, "1");
    }
    var networks = new PooledTaskNetworks(tasks, slots, table, poolCountMax, wasOff);
    networks.removeUnused();
    networks.filler.start();
    return networks;
  }

  /** How the names of the host's interfaces begin. */
  public static String interfacePrefix(String mark) {
    return "b" + mark + "-";
  }

  /** The name of the nftables table. */
  public static String tableName(String mark) {
    return "berth_" + mark;
  }

  /** Whether this start changed the host's {@code net.ipv4.ip_forward} from 0 to 1. */
  public boolean switchedForwardingOn() {
    return switchedForwardingOn;
  }

  private void removeUnused() throws IOException {
    var used = new HashSet<Integer>();
    for (var task : list()) {
      slotOf(task).ifPresent(used::add);
    }
    for (int slot : slots.list()) {
      if (!used.contains(slot)) {
        slots.destroy(slot);
      }
    }
  }

  private void fill() {
    while (!Thread.currentThread().isInterrupted()) {
      try {
        int slot = slots.make();
        try {
          ready.put(slot); // Waits while the pool is full.
        } catch (InterruptedException e) {
          slots.destroy(slot);
          return;
        }
      } catch (IOException e) {
        LOG.atWarn().setCause(e).log("no network namespace could be made ahead");
        try {
          Thread.sleep(FILL_RETRY_MILLIS);
        } catch (InterruptedException interrupted) {
          return;
        }
      }
    }
  }

  /** Gives the task its namespace, or finds that it has it. */
  public TaskNetworks.TaskNetwork attach(TaskId task) throws IOException {
    var known = slotOf(task);
    if (known.isPresent()) {
      if (slots.isMade(known.getAsInt())) {
        return network(known.getAsInt());
      }
      detach(task); // Another boot's.
    }
    var prepared = Optional.ofNullable(ready.poll());
    int slot = prepared.isPresent() ? prepared.get() : slots.make();
    try {
      Files.createSymbolicLink(tasks.resolve(task.value()), Path.of(Integer.toString(slot)));
    } catch (FileAlreadyExistsException e) {
      slots.destroy(slot);
      throw new IOException("task " + task + " is given two networks at once", e);
    }
    return network(slot);
  }

  private TaskNetworks.TaskNetwork network(int slot) {
    return new TaskNetworks.TaskNetwork(slots.file(slot), slots.address(slot), Optional.empty());
  }

  /** Removes the task's namespace, interface and address; nothing there is no failure. */
  public void detach(TaskId task) throws IOException {
    var slot = slotOf(task);
    if (slot.isEmpty()) {
      return;
    }
    slots.dismantle(slot.getAsInt());
    // The link goes before the slot's file: were it the other way round, the number could be taken
    // by another task while this one still named it.
    Files.deleteIfExists(tasks.resolve(task.value()));
    slots.destroy(slot.getAsInt());
  }

  /** The tasks that have a namespace now. */
  public Set<TaskId> list() throws IOException {
    var found = new TreeSet<TaskId>();
    try (var entries = Files.newDirectoryStream(tasks)) {
      for (var entry : entries) {
        var name = entry.getFileName().toString();
        if (TaskId.isForm(name)) {
          found.add(new TaskId(name));
        }
      }
    }
    return found;
  }

  private OptionalInt slotOf(TaskId task) throws IOException {
    try {
      var target = Files.readSymbolicLink(tasks.resolve(task.value()));
      return OptionalInt.of(Integer.parseInt(target.toString()));
    } catch (NoSuchFileException e) {
      return OptionalInt.empty();
    }
  }

  /** Ends the filling and removes what waits for a task. Tasks keep their networks. */
  @Override
  public void close() throws IOException {
    filler.interrupt();
    try {
      filler.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    while (true) {
      var slot = Optional.ofNullable(ready.poll());
      if (slot.isEmpty()) {
        return;
      }
      slots.destroy(slot.get());
    }
  }

  /** Removes the agent's table, once no task has a network. For an agent that ends for good. */
  public void retire() throws IOException {
    close();
    if (list().isEmpty()) {
      table.remove();
    }
  }
}
