package dev.berth.store.embedded;

import dev.berth.store.StoreException;
import dev.berth.store.Transaction;
import dev.berth.store.Value;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Lets no file of its process grow beyond a bound, as a full disk would, then commits until that
 * fails; prints what it is told.
 */
public final class FillingWriter {
  private static final int FILE_BYTES_MAX = 2 << 20;
  private static final int COMMIT_COUNT_MAX = 1_000;

  private FillingWriter() {}

  public static void main(String[] arguments) throws IOException, InterruptedException {
    try (var store = EmbeddedStore.open(Path.of(arguments[0]))) {
      new ProcessBuilder(
              "prlimit", "--pid", "" + ProcessHandle.current().pid(), "--fsize=" + FILE_BYTES_MAX)
          .inheritIO()
          .start()
          .waitFor();
      var watch = store.watch("/none", 1);
      for (int i = 0; i < COMMIT_COUNT_MAX; i++) {
        var transaction =
            Transaction.builder().put("/n/%04d".formatted(i), Value.of(new byte[50_000])).build();
        try {
          System.out.println(store.commit(transaction).getClass().getSimpleName());
        } catch (StoreException e) {
          System.out.println(e.getClass().getSimpleName());
          break;
        }
      }
      System.out.println("read " + store.range("/n/").entries().size());
      System.out.println("watch " + watch.next().getClass().getSimpleName());
    }
  }
}
