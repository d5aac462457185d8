package dev.berth.model.task;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The sizes that a Fargate task may have, and how a declaration may write them.
 *
 * <p>Source: the ECS API's own model, 74 pairs.
 */
public final class FargateSizes {
  private static final int UNITS_PER_VCPU = 1024;
  private static final int MIB_PER_GB = 1024;
  private static final Pattern WHOLE = Pattern.compile("[0-9]{1,9}");
  private static final Pattern VCPU =
      Pattern.compile("([0-9]{1,5}(?:\\.[0-9]{1,5})?)\\s*vcpu", Pattern.CASE_INSENSITIVE);
  private static final Pattern GB =
      Pattern.compile("([0-9]{1,5}(?:\\.[0-9]{1,5})?)\\s*gb", Pattern.CASE_INSENSITIVE);

  private FargateSizes() {}

  /** Whether the pair is one of Fargate's. */
  public static boolean isOffered(TaskSize size) {
    int memoryMib = size.memoryMib();
    return switch (size.cpuUnits()) {
      case 256 -> memoryMib == 512 || memoryMib == 1024 || memoryMib == 2048;
      case 512 -> inSteps(memoryMib, 1024, 4096, 1024);
      case 1024 -> inSteps(memoryMib, 2048, 8192, 1024);
      case 2048 -> inSteps(memoryMib, 4096, 16384, 1024);
      case 4096 -> inSteps(memoryMib, 8192, 30720, 1024);
      case 8192 -> inSteps(memoryMib, 16384, 61440, 4096);
      case 16384 -> inSteps(memoryMib, 32768, 122880, 8192);
      default -> false;
    };
  }

  /** CPU units from {@code "256"}, {@code "0.25 vCPU"} or {@code "1vcpu"}; empty if it is none. */
  public static Optional<Integer> cpuUnits(String declared) {
    return amount(declared, VCPU, UNITS_PER_VCPU);
  }

  /** MiB from {@code "512"}, {@code "0.5GB"} or {@code "1 GB"}; empty if it is none. */
  public static Optional<Integer> memoryMib(String declared) {
    return amount(declared, GB, MIB_PER_GB);
  }

  private static Optional<Integer> amount(String declared, Pattern form, int perUnit) {
    String text = declared.strip();
    if (WHOLE.matcher(text).matches()) {
      int amount = Integer.parseInt(text);
      return amount == 0 ? Optional.empty() : Optional.of(amount);
    }
    Matcher matcher = form.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    double amount = Double.parseDouble(matcher.group(1)) * perUnit;
    return amount < 1 || amount != Math.rint(amount) ? Optional.empty() : Optional.of((int) amount);
  }

  private static boolean inSteps(int value, int first, int last, int step) {
    return value >= first && value <= last && (value - first) % step == 0;
  }
}
