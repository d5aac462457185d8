package dev.berth.agent.image.layer;

/**
 * How much one layer may unpack to.
 *
 * @param unpackedBytesMax of the whole tar stream
 * @param entryCountMax of entries, with the directories that they imply
 * @param ratioMax how many bytes one compressed byte may become, once {@code ratioFloorBytes} are
 *     unpacked
 * @param ratioFloorBytes below this any ratio is taken: small files of zeros are honest
 */
public record LayerLimits(
    long unpackedBytesMax, int entryCountMax, int ratioMax, long ratioFloorBytes) {
  /** Above all images seen in practice, and below what would fill a host. */
  public static final LayerLimits STANDARD = new LayerLimits(64L << 30, 2_000_000, 200, 1L << 30);
}
