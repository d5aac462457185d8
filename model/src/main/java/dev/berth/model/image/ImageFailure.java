package dev.berth.model.image;

/**
 * Why an image could not be had. {@link #message()} is what a user of ECS sees as the container's
 * reason.
 *
 * <p>AWS's texts come from containerd by way of its agent; the parts that its troubleshooting pages
 * name (not found, pull access denied, no matching descriptor, no space left on device, i/o
 * timeout) are kept, so that searches find help.
 */
public sealed interface ImageFailure {
  /** What went wrong, without ECS's error name. */
  String reason();

  /** {@code CannotPullContainerError: …} */
  default String message() {
    return "CannotPullContainerError: " + reason();
  }

  /** The text is not an image reference. */
  record InvalidReference(String text, String why) implements ImageFailure {
    @Override
    public String reason() {
      return "invalid reference format: '" + text + "': " + why;
    }
  }

  /** The registry answers, and has no such repository, tag, digest or blob. */
  record NotFound(String resource) implements ImageFailure {
    @Override
    public String reason() {
      return "failed to resolve ref " + resource + ": not found";
    }
  }

  /** The registry wants other credentials, or some at all. */
  record Unauthorized(String resource) implements ImageFailure {
    @Override
    public String reason() {
      return "failed to resolve ref "
          + resource
          + ": pull access denied, repository does not exist or may require authorization:"
          + " authorization failed";
    }
  }

  /** The registry refused because of too many requests, after all retries. */
  record RateLimited(String resource) implements ImageFailure {
    @Override
    public String reason() {
      return "failed to resolve ref " + resource + ": toomanyrequests: Too Many Requests";
    }
  }

  /** The registry answers with something unexpected, after all retries. */
  record RegistryError(String resource, int status) implements ImageFailure {
    @Override
    public String reason() {
      return "unexpected status code " + status + " from the registry for " + resource;
    }
  }

  /** No connection: name resolution, refused, reset; after all retries. */
  record Unreachable(String resource, String why) implements ImageFailure {
    @Override
    public String reason() {
      return "failed to do request for " + resource + ": " + why;
    }
  }

  /** The registry took too long to connect, to answer, or between two reads; after all retries. */
  record TimedOut(String resource) implements ImageFailure {
    @Override
    public String reason() {
      return "failed to do request for " + resource + ": i/o timeout";
    }
  }

  /** The registry's certificate is not trusted, or it speaks no TLS. */
  record TlsFailed(String resource, String why) implements ImageFailure {
    @Override
    public String reason() {
      return "failed to do request for " + resource + ": tls: " + why;
    }
  }

  /**
   * A redirect or token realm leads where a registry has no business, such as the metadata address.
   */
  record ForbiddenTarget(String target, String why) implements ImageFailure {
    @Override
    public String reason() {
      return "refused to follow the registry to " + target + ": " + why;
    }
  }

  /** Content is not what its digest or its length says. */
  record ContentMismatch(String resource, String expected, String actual) implements ImageFailure {
    @Override
    public String reason() {
      return "failed commit on " + resource + ": expected " + expected + ", got " + actual;
    }
  }

  /** The image does not run on the platform asked for. */
  record NoMatchingPlatform(String resource, Platform wanted) implements ImageFailure {
    @Override
    public String reason() {
      return "image Manifest does not contain descriptor matching platform '"
          + wanted
          + "': "
          + resource;
    }
  }

  /** A manifest, index or configuration is malformed, or of a kind that is not an image. */
  record InvalidManifest(String resource, String why) implements ImageFailure {
    @Override
    public String reason() {
      return "invalid manifest of " + resource + ": " + why;
    }
  }

  /** A layer is malformed or hostile. Nothing of it was kept. */
  record LayerRefused(String why) implements ImageFailure {
    @Override
    public String reason() {
      return "failed to extract layer: " + why;
    }
  }

  /** Something is larger than its bound. */
  record TooLarge(String what, long limit) implements ImageFailure {
    @Override
    public String reason() {
      return what + " is larger than the limit of " + limit;
    }
  }

  /** The image store's disk is full. */
  record DiskFull() implements ImageFailure {
    @Override
    public String reason() {
      return "failed to extract layer: no space left on device";
    }
  }

  /** The disk failed otherwise. */
  record StorageFailed(String why) implements ImageFailure {
    @Override
    public String reason() {
      return "image store: " + why;
    }
  }

  /** A file given to load is no image archive, or an incomplete one. */
  record ArchiveInvalid(String file, String why) implements ImageFailure {
    @Override
    public String reason() {
      return "cannot load " + file + ": " + why;
    }
  }

  /** The pull was given up by its caller. */
  record Interrupted(String resource) implements ImageFailure {
    @Override
    public String reason() {
      return "pull of " + resource + " was interrupted: context canceled";
    }
  }
}
