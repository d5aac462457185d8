package dev.berth.cli.endpoint;

import java.net.URI;
import java.nio.file.Path;

/** A call that gave no answer. The message is one line that a person can act on. */
public abstract sealed class CallFailed extends RuntimeException {
  private static final long serialVersionUID = 1;

  private CallFailed(String message) {
    super(message);
  }

  /** The endpoint answered with an error in AWS's form. */
  public static final class Refused extends CallFailed {
    private static final long serialVersionUID = 1;

    private final String code;

    Refused(String operation, String code, String message) {
      super("%s: %s: %s".formatted(operation, code, message));
      this.code = code;
    }

    /** AWS's name of the error, such as {@code ClusterNotFoundException}. */
    public String code() {
      return code;
    }
  }

  /** Nobody listens there. */
  public static final class NotRunning extends CallFailed {
    private static final long serialVersionUID = 1;

    NotRunning(URI endpoint) {
      super("Berth is not running at %s; start it with ./berth up".formatted(endpoint));
    }
  }

  /** The connection broke, or what came back was no answer of Berth's. */
  public static final class Broken extends CallFailed {
    private static final long serialVersionUID = 1;

    Broken(String operation, URI endpoint, String detail) {
      super("%s at %s failed: %s".formatted(operation, endpoint, detail));
    }
  }

  /** Neither the environment nor the operator's file says where Berth is. */
  public static final class NoEndpoint extends CallFailed {
    private static final long serialVersionUID = 1;

    NoEndpoint(Path file, String detail) {
      super(
          ("%s %s; start Berth with ./berth up, name its folder with --data, or set"
                  + " AWS_ENDPOINT_URL, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY")
              .formatted(file, detail));
    }
  }
}
