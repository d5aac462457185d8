package dev.berth.simulation;

import dev.berth.control.command.RunTask;
import dev.berth.control.hosts.HostDirectory;
import dev.berth.link.message.ToAgent;
import dev.berth.link.message.ToControl;
import dev.berth.link.stream.HostListener;
import dev.berth.store.Store;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Where two parts meet. In a sound world nothing lies between them; a test that plants a bug puts
 * it here.
 */
class Seams {
  /** What control writes to. */
  Store store(SimulatedDisk disk) {
    return disk;
  }

  /** What hears the hosts. */
  HostListener listener(HostDirectory directory) {
    return directory;
  }

  /** What a host's agent is told when that message arrives. */
  ToAgent told(SimulatedHost host, ToAgent message) {
    return message;
  }

  /** What control hears when that message arrives. */
  ToControl heard(SimulatedHost host, ToControl message) {
    return message;
  }

  /** What control makes of a client's wish. */
  RunTask wish(RunTask wish) {
    return wish;
  }

  /** A round of placing. */
  void place(SimulatedControl control) {
    control.rounds().place();
  }

  /** A round of giving up hosts. */
  void giveUp(SimulatedControl control) {
    control.rounds().giveUpSilentHosts();
  }

  /** What is left in an agent's folder when its process was killed. */
  void killed(Path agentFolder) throws IOException {}
}
