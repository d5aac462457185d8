package dev.berth.agent.runtime;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import dev.berth.agent.linux.SeccompCompiler;
import dev.berth.agent.linux.SeccompCompiler.Comparison;
import dev.berth.agent.linux.SeccompCompiler.Condition;
import dev.berth.agent.linux.SeccompCompiler.Rule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Which system calls a container may make: Docker's semantics, where all others fail with EPERM.
 *
 * <p>Two forms say the same: the {@code linux.seccomp} part of an OCI configuration, which a
 * runtime compiles at every launch, and the compiled program. Compiling takes crun 14 ms of CPU,
 * more than all else of a launch.
 */
final class SeccompProfile {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  /** CLONE_NEWNS, -CGROUP, -UTS, -IPC, -USER, -PID and -NET: a container makes no namespace. */
  private static final long CLONE_NAMESPACE_FLAGS = 0x7e020000L;

  private static final int ENOSYS = 38;
  private static final int EPERM = 1;
  private static final int AF_VSOCK = 40;

  /**
   * PER_LINUX, PER_LINUX32, each with and without UNAME26, and the question for the present one.
   */
  private static final List<Long> PERSONALITIES =
      List.of(0x0L, 0x8L, 0x20000L, 0x20008L, 0xffffffffL);

  private static final int IOCTL_KIND_SHIFT = 8;
  private static final long BTRFS_IOCTL_KIND = 0x94;

  /** The kernel looks at no more of the number. */
  private static final long IOCTL_MASK = 0xffffffffL;

  /** FICLONE, FICLONERANGE and FIDEDUPERANGE. */
  private static final List<Long> SHARING_IOCTLS = List.of(0x40049409L, 0x4020940dL, 0xc0189436L);

  private final List<String> architectures;
  private final List<Rule> rules;

  /**
   * @param architecture Java's {@code os.arch}
   */
  SeccompProfile(String architecture) {
    this.architectures =
        switch (architecture) {
          case "amd64" -> List.of("x86_64", "x86", "x32");
          case "aarch64" -> List.of("aarch64", "arm");
          default -> throw new IllegalArgumentException("no seccomp profile for " + architecture);
        };
    this.rules = rules();
  }

  private static List<Rule> rules() {
    var rules = new ArrayList<Rule>();
    rules.add(new Rule(allowedNames(), 0, Optional.empty()));
    rules.add(when("clone", new Condition(0, Comparison.MASKED_EQUAL, CLONE_NAMESPACE_FLAGS, 0)));
    // Its flags are in memory, where a filter cannot look. With ENOSYS the C library uses clone.
    rules.add(new Rule(List.of("clone3"), ENOSYS, Optional.empty()));
    // It would reach the hypervisor.
    rules.add(when("socket", new Condition(0, Comparison.NOT_EQUAL, AF_VSOCK, 0)));
    rules.addAll(ioctls());
    for (long personality : PERSONALITIES) {
      rules.add(when("personality", new Condition(0, Comparison.EQUAL, personality, 0)));
    }
    return List.copyOf(rules);
  }

  /**
   * All but those of btrfs. By one of them whoever may write in a folder makes subvolumes, whose
   * content no limit of the task counts. Of its kind are also the three by which files of any file
   * system share their content: programs that copy use them.
   */
  private static List<Rule> ioctls() {
    var rules = new ArrayList<Rule>();
    for (int bit = 0; bit < 8; bit++) { // Allowed is what differs in some bit of its kind.
      long mask = 1L << (IOCTL_KIND_SHIFT + bit);
      long other = ~(BTRFS_IOCTL_KIND << IOCTL_KIND_SHIFT) & mask;
      rules.add(when("ioctl", new Condition(1, Comparison.MASKED_EQUAL, mask, other)));
    }
    for (long sharing : SHARING_IOCTLS) {
      rules.add(when("ioctl", new Condition(1, Comparison.MASKED_EQUAL, IOCTL_MASK, sharing)));
    }
    return rules;
  }

  private static Rule when(String name, Condition condition) {
    return new Rule(List.of(name), 0, Optional.of(condition));
  }

  /** Both forms; the program only where this machine can compile it. */
  OciSpec.Seccomp seccomp() throws IOException {
    var program =
        SeccompCompiler.compile(EPERM, architectures.subList(1, architectures.size()), rules)
            .map(Base64.getEncoder()::encodeToString);
    return new OciSpec.Seccomp(new RawValue(configuration().toString()), program);
  }

  private ObjectNode configuration() {
    var profile = JSON.objectNode();
    profile.put("defaultAction", "SCMP_ACT_ERRNO").put("defaultErrnoRet", EPERM);
    var names = profile.putArray("architectures");
    architectures.forEach(name -> names.add("SCMP_ARCH_" + name.toUpperCase(Locale.ROOT)));
    var calls = profile.putArray("syscalls");
    for (var rule : rules) {
      var call = calls.addObject();
      rule.names().forEach(call.putArray("names")::add);
      if (rule.errno() == 0) {
        call.put("action", "SCMP_ACT_ALLOW");
      } else {
        call.put("action", "SCMP_ACT_ERRNO").put("errnoRet", rule.errno());
      }
      rule.condition()
          .ifPresent(
              condition ->
                  call.putArray("args")
                      .addObject()
                      .put("index", condition.index())
                      .put("value", condition.first())
                      .put("valueTwo", condition.second())
                      .put("op", operator(condition.comparison())));
    }
    return profile;
  }

  private static String operator(Comparison comparison) {
    return switch (comparison) {
      case NOT_EQUAL -> "SCMP_CMP_NE";
      case EQUAL -> "SCMP_CMP_EQ";
      case MASKED_EQUAL -> "SCMP_CMP_MASKED_EQ";
    };
  }

  private static List<String> allowedNames() {
    try (var stream = SeccompProfile.class.getResourceAsStream("seccomp-allowed.txt")) {
      if (stream == null) {
        throw new IllegalStateException("seccomp-allowed.txt is not on the class path");
      }
      var names = new ArrayList<String>();
      new String(stream.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .forEach(line -> names.addAll(List.of(line.strip().split(" ", -1))));
      return names;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
