package dev.berth.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.berth.store.CommitResult.Committed;
import dev.berth.store.Transaction;
import dev.berth.store.Value;
import dev.berth.store.embedded.EmbeddedStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteOptions;

/**
 * Commits from many threads, each waiting for its fsync: the embedded store's group commit, which
 * also checks a version and writes history, against plain synced puts into RocksDB, which groups
 * them itself.
 *
 * <p>Arguments: a directory on the disk to measure (default: the current one), in which a temporary
 * one is made.
 */
public final class StoreBench {
  private static final int THREAD_COUNT = 32;
  private static final int VALUE_BYTES = 2_000;
  private static final int ROUND_COUNT = 5;
  private static final int ROUND_SECONDS = 2;
  private static final int KEY_COUNT_PER_THREAD = 1_000;

  private StoreBench() {}

  public static void main(String[] arguments) throws Exception {
    var parent = Path.of(arguments.length > 0 ? arguments[0] : ".");
    var directory = Files.createTempDirectory(parent.toAbsolutePath(), "store-bench");
    try {
      run(directory);
    } finally {
      delete(directory);
    }
  }

  private static void run(Path directory) throws Exception {
    System.out.printf(
        "%d threads, %d bytes a value, each waits for its fsync; tx/s%n%-14s%-24s%s%n",
        THREAD_COUNT, VALUE_BYTES, "group commit", "rocksdb, platform", "rocksdb, virtual threads");
    var toPlatform = new ArrayList<Double>();
    var toVirtual = new ArrayList<Double>();
    try (var store = EmbeddedStore.open(directory.resolve("store"));
        var options = new Options().setCreateIfMissing(true);
        var rocks = RocksDB.open(options, directory.resolve("rocks").toString());
        var durable = new WriteOptions().setSync(true)) {
      var bytes = new byte[VALUE_BYTES];
      new Random(1).nextBytes(bytes);
      var value = Value.of(bytes);
      for (int round = 0; round < ROUND_COUNT; round++) {
        double group = perSecond(virtual(), key -> commit(store, key, value));
        double platform =
            perSecond(platform(), key -> rocks.put(durable, key.getBytes(UTF_8), bytes));
        double virtual =
            perSecond(virtual(), key -> rocks.put(durable, key.getBytes(UTF_8), bytes));
        toPlatform.add(group / platform);
        toVirtual.add(group / virtual);
        System.out.printf("%-14.0f%-24.0f%.0f%n", group, platform, virtual);
      }
    }
    System.out.printf("median ratio  %-24.2f%.2f%n", median(toPlatform), median(toVirtual));
  }

  private static double median(List<Double> ratios) {
    return ratios.stream().sorted().toList().get(ratios.size() / 2);
  }

  private static ExecutorService virtual() {
    return Executors.newVirtualThreadPerTaskExecutor();
  }

  private static ExecutorService platform() {
    return Executors.newFixedThreadPool(THREAD_COUNT);
  }

  private static void commit(EmbeddedStore store, String key, Value value) {
    var version = store.get(key).map(entry -> entry.version()).orElse(0L);
    var transaction = Transaction.builder().requireVersion(key, version).put(key, value).build();
    if (!(store.commit(transaction) instanceof Committed)) {
      throw new IllegalStateException(key + " was changed by another thread");
    }
  }

  private interface Operation {
    void run(String key) throws RocksDBException;
  }

  private static double perSecond(ExecutorService executor, Operation operation)
      throws InterruptedException, ExecutionException {
    long start = System.nanoTime();
    long end = start + TimeUnit.SECONDS.toNanos(ROUND_SECONDS);
    var threads = new ArrayList<Callable<Long>>();
    for (int i = 0; i < THREAD_COUNT; i++) {
      int thread = i;
      threads.add(
          () -> {
            long count = 0;
            while (System.nanoTime() < end) {
              operation.run("/bench/" + thread + "/" + count % KEY_COUNT_PER_THREAD);
              count++;
            }
            return count;
          });
    }
    long total = 0;
    try (executor) {
      for (var count : executor.invokeAll(threads)) {
        total += count.get();
      }
    }
    return total / ((System.nanoTime() - start) / 1e9);
  }

  private static void delete(Path directory) throws IOException {
    List<Path> paths;
    try (var walk = Files.walk(directory)) {
      paths = walk.sorted(Comparator.reverseOrder()).toList();
    }
    for (var path : paths) {
      Files.delete(path);
    }
  }
}
