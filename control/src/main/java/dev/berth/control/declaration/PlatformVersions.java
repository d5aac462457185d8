package dev.berth.control.declaration;

import static dev.berth.control.declaration.DeclaredTree.has;
import static dev.berth.control.declaration.DeclaredTree.objects;
import static dev.berth.control.declaration.DeclaredTree.texts;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.model.Declared;
import java.util.List;

/** Fargate's versions for Linux, of which the last is what tasks get here in any case. */
public final class PlatformVersions {
  /** What {@code LATEST} means. */
  public static final String LATEST = "1.4.0";

  private static final String BEFORE = "1.3.0";
  private static final int CPU_UNITS_MAX_BEFORE = 4096;

  private PlatformVersions() {}

  /** Whether there is such a version. */
  public static boolean isKnown(String version) {
    return List.of("LATEST", LATEST, BEFORE).contains(version);
  }

  /** Whether that version has all that a declaration asks for, as AWS documents it. */
  public static boolean suits(String version, Declared declaration) {
    return !version.equals(BEFORE) || !needsLatest(DeclaredTree.of(declaration));
  }

  private static boolean needsLatest(ObjectNode task) {
    return has(task, "ephemeralStorage")
        || has(task, "pidMode")
        || SizeRules.size(task).filter(it -> it.cpuUnits() > CPU_UNITS_MAX_BEFORE).isPresent()
        || objects(task, "volumes").stream().anyMatch(it -> has(it, "efsVolumeConfiguration"))
        || objects(task, "containerDefinitions").stream()
            .anyMatch(PlatformVersions::containerNeedsLatest);
  }

  private static boolean containerNeedsLatest(ObjectNode container) {
    return has(container, "systemControls")
        || has(container, "environmentFiles")
        || !texts(container.at("/linuxParameters/capabilities"), "add").isEmpty();
  }
}
