package dev.berth.agent.image.registry;

import dev.berth.model.image.ImageException;
import dev.berth.model.image.ImageFailure;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.file.FileSystemException;
import java.util.Optional;
import javax.net.ssl.SSLException;

/** What a failed request means: the one place where exceptions and statuses become failures. */
final class Failures {
  private Failures() {}

  static ImageException of(IOException e, String resource) {
    return switch (e) {
      case ImageException known -> known;
      case SSLException tls ->
          new ImageException(new ImageFailure.TlsFailed(resource, text(tls)), tls);
      case SocketTimeoutException late ->
          new ImageException(new ImageFailure.TimedOut(resource), late);
      case UnknownHostException unknown ->
          new ImageException(
              new ImageFailure.Unreachable(resource, "lookup " + text(unknown) + ": no such host"),
              unknown);
      case FileSystemException file ->
          new ImageException(new ImageFailure.StorageFailed(text(file)), file);
      default -> new ImageException(new ImageFailure.Unreachable(resource, text(e)), e);
    };
  }

  /** Empty for success. */
  static Optional<ImageFailure> of(int status, String resource) {
    return switch (status) {
      case 200, 206 -> Optional.empty();
      case 401, 403 -> Optional.of(new ImageFailure.Unauthorized(resource));
      case 404 -> Optional.of(new ImageFailure.NotFound(resource));
      case 429 -> Optional.of(new ImageFailure.RateLimited(resource));
      default -> Optional.of(new ImageFailure.RegistryError(resource, status));
    };
  }

  /** Whether the same request may succeed a little later. */
  static boolean isTransient(ImageFailure failure) {
    return switch (failure) {
      case ImageFailure.RateLimited _, ImageFailure.TimedOut _, ImageFailure.Unreachable _ -> true;
      case ImageFailure.RegistryError error -> error.status() >= 500;
      case ImageFailure.InvalidReference _,
          ImageFailure.NotFound _,
          ImageFailure.Unauthorized _,
          ImageFailure.TlsFailed _,
          ImageFailure.ForbiddenTarget _,
          ImageFailure.ContentMismatch _,
          ImageFailure.NoMatchingPlatform _,
          ImageFailure.InvalidManifest _,
          ImageFailure.LayerRefused _,
          ImageFailure.TooLarge _,
          ImageFailure.DiskFull _,
          ImageFailure.StorageFailed _,
          ImageFailure.ArchiveInvalid _,
          ImageFailure.Interrupted _ ->
          false;
    };
  }

  private static String text(IOException e) {
    String message = e.getMessage();
    return message == null ? e.getClass().getSimpleName() : message;
  }
}
