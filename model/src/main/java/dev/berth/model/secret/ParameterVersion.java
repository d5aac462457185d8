package dev.berth.model.secret;

import java.time.Instant;
import java.util.Optional;

/**
 * One value that a parameter has or had, with all that was said of it then.
 *
 * @param by the ARN of who wrote it
 */
public record ParameterVersion(
    int number,
    Sealed value,
    Optional<String> description,
    Optional<String> keyId,
    Optional<String> allowedPattern,
    String dataType,
    String tier,
    String by,
    Instant at) {}
