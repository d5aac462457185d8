package dev.berth.store;

/**
 * A store cannot do what it was asked for. Conflicts are no exceptions: see {@link CommitResult}.
 */
public abstract sealed class StoreException extends RuntimeException {
  private StoreException(String message) {
    super(message);
  }

  private StoreException(String message, Throwable cause) {
    super(message, cause);
  }

  /** The store was closed before. */
  public static final class Closed extends StoreException {
    public Closed() {
      super("the store is closed");
    }
  }

  /**
   * Reading or writing failed (disk full, I/O error). A store that failed to write commits nothing
   * more until reopened.
   */
  public static final class Failed extends StoreException {
    public Failed(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /** Another process, or this one, has the store open. */
  public static final class InUse extends StoreException {
    public InUse(String message) {
      super(message);
    }
  }

  /** The store was written by a version of Berth that this one cannot read. */
  public static final class UnknownFormat extends StoreException {
    public UnknownFormat(String message) {
      super(message);
    }
  }

  /** What is stored contradicts itself: it was damaged outside Berth, or by a bug. */
  public static final class Damaged extends StoreException {
    public Damaged(String message) {
      super(message);
    }

    public Damaged(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
