package dev.berth.agent.network;

import dev.berth.agent.linux.Mounts;
import dev.berth.model.network.VpcId;
import java.io.IOException;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The interfaces of one VPC that wait for a task, and how one is made, taken up and thrown away.
 */
final class SpareInterfaces {
  private static final Logger LOG = LoggerFactory.getLogger(SpareInterfaces.class);

  private final VpcFolder folder;
  private final VpcId vpc;
  private final Router router;

  /** Of the router: one thread at a time. */
  private final ReentrantLock routerLock;

  private final int count;
  private final ArrayBlockingQueue<TaskInterface> ready;
  private final ReentrantLock fillLock = new ReentrantLock();
  private volatile boolean closed;

  /**
   * @param count how many wait; 0 makes none ahead
   */
  SpareInterfaces(VpcFolder folder, VpcId vpc, Router router, ReentrantLock routerLock, int count) {
    this.folder = folder;
    this.vpc = vpc;
    this.router = router;
    this.routerLock = routerLock;
    this.count = count;
    this.ready = new ArrayBlockingQueue<>(Math.max(1, count));
  }

  /** One for a task: a ready one, if there is any. */
  TaskInterface take() throws IOException {
    var prepared = Optional.ofNullable(ready.poll());
    return prepared.isPresent() ? prepared.get() : make();
  }

  private TaskInterface make() throws IOException {
    int slot = folder.reserveInterface();
    try {
      var side = TaskInterface.make(slot, folder.interfaceFile(slot), router.namespace());
      bringUp(side);
      return side;
    } catch (IOException e) {
      discard(slot);
      throw e;
    }
  }

  /** Takes up one that is there, and makes its pair if that is gone. */
  TaskInterface adopt(int slot) throws IOException {
    var side = TaskInterface.adopt(slot, folder.interfaceFile(slot), router.namespace());
    bringUp(side);
    return side;
  }

  private void bringUp(TaskInterface side) throws IOException {
    routerLock.lock();
    try {
      router.up(side.slot());
      side.up();
      router.settle(side.slot());
    } finally {
      routerLock.unlock();
    }
  }

  private void discard(int slot) throws IOException {
    routerLock.lock();
    try {
      router.remove(slot);
    } finally {
      routerLock.unlock();
    }
    Mounts.unmount(folder.interfaceFile(slot));
    folder.releaseInterface(slot);
  }

  /** Takes up those that a killed agent had made ahead, as many as are to wait. */
  void takeUp(Collection<Integer> slots) throws IOException {
    for (int slot : slots) {
      try {
        if (count > 0 && ready.remainingCapacity() > 0) {
          ready.add(adopt(slot));
          continue;
        }
      } catch (IOException e) {
        LOG.atWarn().addKeyValue("vpc", vpc).setCause(e).log("an interface made ahead is broken");
      }
      discard(slot);
    }
  }

  /** Makes interfaces ahead in the background, until enough wait. */
  void fill() {
    if (count == 0) {
      return;
    }
    Thread.ofVirtual().name("network-pool-" + vpc).start(this::fillNow);
  }

  private void fillNow() {
    if (!fillLock.tryLock()) {
      return; // Another one is at it, and looks once more after each that it made.
    }
    try {
      while (!closed && ready.remainingCapacity() > 0) {
        var side = make();
        if (closed || !ready.offer(side)) {
          side.close();
          discard(side.slot());
        }
      }
    } catch (IOException e) {
      LOG.atWarn().addKeyValue("vpc", vpc).setCause(e).log("no interface could be made ahead");
    } finally {
      fillLock.unlock();
    }
  }

  /** Makes none any more; those that wait stay, as after a kill. */
  void letGo() {
    closed = true;
    fillLock.lock(); // What is being made ahead is finished first.
    try {
      LOG.atDebug().addKeyValue("vpc", vpc).log("no interface is made ahead any more");
    } finally {
      fillLock.unlock();
    }
  }

  /** Removes those that wait. */
  void close() throws IOException {
    closed = true;
    fillLock.lock(); // What is being made ahead is finished first, and then removed.
    try {
      for (var side = ready.poll(); side != null; side = ready.poll()) {
        side.close();
        discard(side.slot());
      }
    } finally {
      fillLock.unlock();
    }
  }
}
