package dev.berth.model.image;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What an image says of the containers made from it.
 *
 * @param environment by name, in the image's order
 * @param volumes paths that the image declares as volumes
 * @param stopSignal a name or a number, SIGTERM when absent
 */
public record ImageConfig(
    Map<String, String> environment,
    List<String> entryPoint,
    List<String> command,
    Optional<String> user,
    Optional<String> workingDirectory,
    List<String> volumes,
    Optional<String> stopSignal) {
  public ImageConfig {
    environment =
        Collections.unmodifiableMap(new LinkedHashMap<>(environment)); // Map.copyOf keeps no order.
    entryPoint = List.copyOf(entryPoint);
    command = List.copyOf(command);
    volumes = List.copyOf(volumes);
  }
}
