package dev.berth.store.embedded;

import java.util.Properties;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.WALRecoveryMode;
import org.rocksdb.WriteOptions;

/** RocksDB tuned for little memory: the control plane serves its reads from records of its own. */
final class Settings implements AutoCloseable {
  private static final long MIB = 1L << 20;
  private static final long BLOCK_CACHE_BYTES = 16 * MIB;
  private static final long WRITE_BUFFER_BYTES = 16 * MIB;
  private static final long ALL_WRITE_BUFFERS_BYTES = 32 * MIB;
  private static final long WRITE_AHEAD_LOG_BYTES = 64 * MIB;
  private static final long INFO_LOG_BYTES = MIB;
  private static final int INFO_LOG_COUNT = 2;
  private static final int OPEN_FILE_COUNT = 128;
  private static final int BACKGROUND_JOB_COUNT = 2;
  private static final int FILTER_BITS_PER_KEY = 10;

  private final LRUCache cache = new LRUCache(BLOCK_CACHE_BYTES);
  private final BloomFilter filter = new BloomFilter(FILTER_BITS_PER_KEY);
  final DBOptions database = database();
  final ColumnFamilyOptions columnFamily = columnFamily();

  /** Acknowledged means fsynced. */
  final WriteOptions durable = new WriteOptions().setSync(true);

  private static DBOptions database() {
    var properties = new Properties();
    // Has no setter in Java. See the recovery mode below.
    properties.setProperty("track_and_verify_wals", "true");
    return DBOptions.getDBOptionsFromProps(properties)
        .setCreateIfMissing(true)
        .setCreateMissingColumnFamilies(true)
        // After a power loss the last record of the newest log may be torn: partly written, or
        // zeros where the file had grown
        // before its data came. It was never acknowledged, for each record is synced before the
        // next is written, and must not
        // keep Berth from starting. TolerateCorruptedTailRecords forgives a short record but
        // refuses to open for one with a
        // wrong checksum, which is what a torn record of several pages is. PointInTime stops at
        // either. It would also stop
        // silently at a hole in an older log, and lose what was acknowledged after it; tracking the
        // logs makes that an error.
        .setWalRecoveryMode(WALRecoveryMode.PointInTimeRecovery)
        .setMaxTotalWalSize(WRITE_AHEAD_LOG_BYTES)
        .setDbWriteBufferSize(ALL_WRITE_BUFFERS_BYTES)
        .setMaxBackgroundJobs(BACKGROUND_JOB_COUNT)
        .setMaxOpenFiles(OPEN_FILE_COUNT)
        // A failed write ends the store's life. RocksDB must not mend itself behind our back.
        .setMaxBgErrorResumeCount(0)
        .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
        .setMaxLogFileSize(INFO_LOG_BYTES)
        .setKeepLogFileNum(INFO_LOG_COUNT)
        .setStatsDumpPeriodSec(0)
        .setStatsPersistPeriodSec(0);
  }

  private ColumnFamilyOptions columnFamily() {
    return new ColumnFamilyOptions()
        .setWriteBufferSize(WRITE_BUFFER_BYTES)
        .setCompressionType(CompressionType.LZ4_COMPRESSION)
        .setTableFormatConfig(
            new BlockBasedTableConfig()
                .setBlockCache(cache)
                .setCacheIndexAndFilterBlocks(true)
                .setFilterPolicy(filter));
  }

  @Override
  public void close() {
    durable.close();
    columnFamily.close();
    database.close();
    filter.close();
    cache.close();
  }
}
