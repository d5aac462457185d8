package dev.berth.agent.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;

/**
 * Compiles system call rules to the program that the kernel runs, by libseccomp: once here, instead
 * of in the runtime at each launch. Facts: libseccomp's manual pages, version 2.5.
 */
public final class SeccompCompiler {
  private static final String LIBRARY = "libseccomp.so.2";
  private static final int ALLOW = 0x7fff0000;
  private static final int ERRNO = 0x00050000;
  private static final int ARGUMENT_SIZE = 24;
  private static final int UNKNOWN_CALL = -1;

  /** Binary search instead of one comparison per system call. */
  private static final int ATTRIBUTE_OPTIMIZE = 8;

  private static final int BY_BINARY_TREE = 2;

  /** How an argument is compared; the numbers are libseccomp's. */
  public enum Comparison {
    NOT_EQUAL(1),
    EQUAL(4),
    MASKED_EQUAL(7);

    private final int number;

    Comparison(int number) {
      this.number = number;
    }
  }

  /** A condition on one argument; {@code second} is the value after a mask. */
  public record Condition(int index, Comparison comparison, long first, long second) {}

  /**
   * What happens to the calls of these names.
   *
   * @param errno 0 allows them
   */
  public record Rule(List<String> names, int errno, Optional<Condition> condition) {}

  private SeccompCompiler() {}

  /**
   * The program, or empty when this machine has no libseccomp. Names that it does not know are
   * skipped: they fail like all that is not allowed.
   *
   * @param errnoElse of what no rule speaks of
   * @param architectures libseccomp's names besides the native one, such as {@code x86}
   */
  public static Optional<byte[]> compile(
      int errnoElse, List<String> architectures, List<Rule> rules) throws IOException {
    try (var arena = Arena.ofConfined()) {
      var library = SymbolLookup.libraryLookup(LIBRARY, arena);
      return Optional.of(new Compilation(arena, library).run(errnoElse, architectures, rules));
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // The lookup's way to say that there is no such library.
    }
  }

  /** One filter under construction. */
  private static final class Compilation {
    private final Arena arena;
    private final NativeCall init;
    private final NativeCall release;
    private final NativeCall setAttribute;
    private final NativeCall resolveArchitecture;
    private final NativeCall addArchitecture;
    private final NativeCall resolveCall;
    private final NativeCall addRule;
    private final NativeCall export;

    Compilation(Arena arena, SymbolLookup library) {
      this.arena = arena;
      init = NativeCall.of(library, "seccomp_init", JAVA_LONG, JAVA_INT);
      // It has no result, and nobody looks at what is read as one.
      release = NativeCall.of(library, "seccomp_release", JAVA_INT, JAVA_LONG);
      setAttribute =
          NativeCall.of(library, "seccomp_attr_set", JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_INT);
      resolveArchitecture = NativeCall.of(library, "seccomp_arch_resolve_name", JAVA_INT, ADDRESS);
      addArchitecture = NativeCall.of(library, "seccomp_arch_add", JAVA_INT, JAVA_LONG, JAVA_INT);
      resolveCall = NativeCall.of(library, "seccomp_syscall_resolve_name", JAVA_INT, ADDRESS);
      addRule =
          NativeCall.of(
              library,
              "seccomp_rule_add_array",
              JAVA_INT,
              JAVA_LONG,
              JAVA_INT,
              JAVA_INT,
              JAVA_INT,
              ADDRESS);
      export = NativeCall.of(library, "seccomp_export_bpf", JAVA_INT, JAVA_LONG, JAVA_INT);
    }

    byte[] run(int errnoElse, List<String> architectures, List<Rule> rules) throws IOException {
      long filter = init.on("a filter", ERRNO | errnoElse);
      if (filter == 0) {
        throw new IOException("libseccomp has no memory for a filter");
      }
      for (var name : architectures) {
        // Unsigned: the numbers of 64-bit architectures have the highest bit set.
        long number = resolveArchitecture.raw(NativeCall.text(arena, name));
        addArchitecture.on(name, filter, (int) number);
      }
      setAttribute.on("optimization", filter, ATTRIBUTE_OPTIMIZE, BY_BINARY_TREE);
      for (var rule : rules) {
        for (var name : rule.names()) {
          add(filter, name, rule);
        }
      }
      var file = Files.createTempFile("seccomp", ".bpf");
      try (var output = Descriptor.open(file, Descriptor.O_WRONLY)) {
        export.on("the filter", filter, output.number());
        return Files.readAllBytes(file);
      } finally {
        release.raw(filter);
        Files.deleteIfExists(file);
      }
    }

    private void add(long filter, String name, Rule rule) throws IOException {
      // Calls that another architecture alone has are below -1.
      int number = (int) resolveCall.raw(NativeCall.text(arena, name));
      if (number == UNKNOWN_CALL) {
        return;
      }
      var argument = arena.allocate(ARGUMENT_SIZE, 8);
      rule.condition().ifPresent(condition -> write(argument, condition));
      addRule.on(
          name,
          filter,
          rule.errno() == 0 ? ALLOW : ERRNO | rule.errno(),
          number,
          rule.condition().isPresent() ? 1 : 0,
          argument);
    }

    /** {@code struct scmp_arg_cmp}: index, operator, two values. */
    private static void write(MemorySegment argument, Condition condition) {
      argument.set(JAVA_INT, 0, condition.index());
      argument.set(JAVA_INT, 4, condition.comparison().number);
      argument.set(JAVA_LONG, 8, condition.first());
      argument.set(JAVA_LONG, 16, condition.second());
    }
  }
}
