package dev.berth.model.image;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Carries an expected {@link ImageFailure} up through streams; an IOException, because streams pass
 * only those.
 */
public final class ImageException extends IOException {
  private static final long serialVersionUID = 1L;

  private final transient ImageFailure failure;

  public ImageException(ImageFailure failure) {
    this(failure, null);
  }

  public ImageException(ImageFailure failure, @Nullable Throwable cause) {
    super(failure.message(), cause);
    this.failure = failure;
  }

  public ImageFailure failure() {
    return failure;
  }
}
