package dev.berth.model.image;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The name of an image, normalised as Docker does: {@code busybox} is {@code
 * docker.io/library/busybox:latest}.
 *
 * <p>With a digest the digest decides, and a tag beside it is only carried along.
 *
 * @param registry host and optional port, such as {@code docker.io} or {@code localhost:5000}
 * @param repository path within the registry, such as {@code library/busybox}
 * @param tag present unless only a digest was given
 * @param digest of the manifest or index
 */
public record ImageReference(
    String registry, String repository, Optional<String> tag, Optional<Digest> digest) {
  /** Longest name (registry and repository) that Docker takes. */
  public static final int NAME_LENGTH_MAX = 255;

  private static final String DOCKER_HUB = "docker.io";
  private static final Pattern REGISTRY =
      Pattern.compile(
          "(?:\\[[0-9a-fA-F:]+\\]|[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?"
              + "(?:\\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*)(?::[0-9]{1,5})?");
  private static final Pattern COMPONENT =
      Pattern.compile("[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*+");
  private static final Pattern TAG = Pattern.compile("\\w[\\w.-]{0,127}");
  private static final Pattern BARE_IDENTIFIER = Pattern.compile("[0-9a-f]{64}");

  public ImageReference {
    if (tag.isEmpty() && digest.isEmpty()) {
      throw new IllegalArgumentException("a reference has a tag or a digest: " + repository);
    }
  }

  /**
   * Reads what a user writes for an image.
   *
   * @throws ImageException with {@link ImageFailure.InvalidReference} saying what is wrong
   */
  public static ImageReference parse(String text) throws ImageException {
    if (text.length() > 2 * NAME_LENGTH_MAX) {
      throw invalid(text.substring(0, NAME_LENGTH_MAX) + "…", "it is too long");
    }
    String rest = text;
    Optional<Digest> digest = Optional.empty();
    int at = rest.indexOf('@');
    if (at >= 0) {
      digest = Digest.parse(rest.substring(at + 1));
      if (digest.isEmpty()) {
        throw invalid(text, "what follows @ is not sha256: and 64 lower-case hex digits");
      }
      rest = rest.substring(0, at);
    }
    Optional<String> tag = Optional.empty();
    int colon = rest.indexOf(':', rest.lastIndexOf('/') + 1);
    if (colon >= 0) {
      tag = Optional.of(rest.substring(colon + 1));
      rest = rest.substring(0, colon);
      if (!TAG.matcher(tag.get()).matches()) {
        throw invalid(text, "the tag is not 1 to 128 letters, digits, '_', '.' or '-'");
      }
    }
    if (tag.isEmpty() && digest.isEmpty()) {
      tag = Optional.of("latest");
    }
    return named(text, rest, tag, digest);
  }

  private static ImageReference named(
      String text, String name, Optional<String> tag, Optional<Digest> digest)
      throws ImageException {
    int slash = name.indexOf('/');
    String first = slash < 0 ? "" : name.substring(0, slash);
    boolean hasRegistry =
        first.indexOf('.') >= 0
            || first.indexOf(':') >= 0
            || first.equals("localhost")
            || first.chars().anyMatch(Character::isUpperCase);
    String registry = hasRegistry ? first : DOCKER_HUB;
    String repository = hasRegistry ? name.substring(slash + 1) : name;
    if (registry.equals("index.docker.io")) {
      registry = DOCKER_HUB;
    }
    if (!REGISTRY.matcher(registry).matches()) {
      throw invalid(text, "'" + registry + "' is not a registry host");
    }
    if (slash < 0 && BARE_IDENTIFIER.matcher(repository).matches()) {
      throw invalid(text, "64 hex digits are an identifier, not a name");
    }
    for (String component : repository.split("/", -1)) {
      if (!COMPONENT.matcher(component).matches()) {
        throw invalid(text, "'" + component + "' is not a repository name in lower case");
      }
    }
    if (registry.equals(DOCKER_HUB) && repository.indexOf('/') < 0) {
      repository = "library/" + repository;
    }
    if (registry.length() + 1 + repository.length() > NAME_LENGTH_MAX) {
      throw invalid(text, "the name is longer than " + NAME_LENGTH_MAX + " characters");
    }
    return new ImageReference(registry, repository, tag, digest);
  }

  private static ImageException invalid(String text, String why) {
    return new ImageException(new ImageFailure.InvalidReference(text, why));
  }

  /** Registry and repository, without tag and digest. */
  public String name() {
    return registry + "/" + repository;
  }

  /** The same name, pinned to a digest. */
  public ImageReference withDigest(Digest pinned) {
    return new ImageReference(registry, repository, tag, Optional.of(pinned));
  }

  /**
   * The normalised text, such as {@code docker.io/library/busybox:latest}; parses to an equal
   * value.
   */
  @Override
  public String toString() {
    return name()
        + tag.map(text -> ":" + text).orElse("")
        + digest.map(value -> "@" + value).orElse("");
  }
}
