package dev.berth.bench.launch;

import java.io.IOException;

/** Something that launches containers. Prepared when it is made; closing it leaves nothing. */
interface Contender extends AutoCloseable {
  String name();

  /** Launches one container and waits for its end; how long it took to the first output. */
  double launchMillis() throws IOException, InterruptedException;

  @Override
  void close() throws IOException;
}
