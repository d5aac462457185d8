package dev.berth.agent.network;

import dev.berth.agent.network.LinkLocalService.Caller;
import dev.berth.model.network.IpAddress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Something that listens in a VPC's router for the VPC's tasks. */
interface RouterListener {
  /** Tells who has an address in the VPC. */
  interface Callers {
    Optional<Caller> of(IpAddress address) throws IOException;
  }

  /** Listens from now on, until it is closed. */
  AutoCloseable open(Path namespace, Callers callers) throws IOException;
}
