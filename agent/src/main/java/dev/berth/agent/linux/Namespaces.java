package dev.berth.agent.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * Work inside another namespace, on a platform thread that ends with it and so never leaks it.
 *
 * <p>A thread begins in the namespace of the one that starts it, and waking a virtual thread may
 * start the thread that carries it. So a body wakes nobody: what it does besides calls of the
 * kernel takes no {@link java.util.concurrent.locks.Lock} and completes no future. Who waits for it
 * is woken from the namespace that the work was asked in.
 */
public final class Namespaces {
  private static final int CLONE_NEWNET = 0x40000000;
  private static final NativeCall SETNS = NativeCall.ofInt("setns", JAVA_INT, JAVA_INT);
  private static final NativeCall UNSHARE = NativeCall.ofInt("unshare", JAVA_INT);

  /** The network namespace of the thread that reads it. */
  public static final Path OWN_NETWORK = Path.of("/proc/thread-self/ns/net");

  private Namespaces() {}

  /** Something done inside a namespace. */
  public interface Body<T> {
    T run() throws IOException;
  }

  /** How the thread gets there. */
  private interface Entry {
    void enter() throws IOException;
  }

  /** Runs the body in a new network namespace, which lives on if the body binds it somewhere. */
  public static <T> T inNewNetwork(Body<T> body) throws IOException {
    return onThread(() -> UNSHARE.on("a network namespace", CLONE_NEWNET), body);
  }

  /** Runs the body in the network namespace that is bound there. */
  public static <T> T inNetwork(Path namespace, Body<T> body) throws IOException {
    return onThread(() -> enter(namespace), body);
  }

  private static void enter(Path namespace) throws IOException {
    try (var file = Descriptor.open(namespace, Descriptor.O_RDONLY)) {
      SETNS.on(namespace, file.number(), CLONE_NEWNET);
    }
  }

  private static <T> T onThread(Entry entry, Body<T> body) throws IOException {
    var result = new CompletableFuture<T>();
    Thread.ofPlatform()
        .name("namespace")
        .daemon()
        .start(
            () -> {
              try {
                result.complete(thereAndBack(entry, body));
              } catch (IOException | RuntimeException | Error e) {
                result.completeExceptionally(e);
              }
            });
    return await(result);
  }

  private static <T> T thereAndBack(Entry entry, Body<T> body) throws IOException {
    try (var home = Descriptor.open(OWN_NETWORK, Descriptor.O_RDONLY)) {
      entry.enter();
      try {
        return body.run();
      } finally {
        SETNS.on("the own network namespace", home.number(), CLONE_NEWNET);
      }
    }
  }

  /** Waits even when interrupted: who leaves early could undo what the thread is still doing. */
  private static <T> T await(CompletableFuture<T> result) throws IOException {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return result.get();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } catch (ExecutionException e) {
      throw new IOException("work in a network namespace failed: " + e.getMessage(), e);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
