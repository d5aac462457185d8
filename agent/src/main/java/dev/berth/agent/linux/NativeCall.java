package dev.berth.agent.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.List;

/**
 * One function of the C library that answers with a number and, when that is negative, an errno.
 *
 * <p>A call by number ({@link #system}) reaches what an older C library has no function for.
 */
public final class NativeCall {
  private static final Linker LINKER = Linker.nativeLinker();
  private static final StructLayout STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO =
      STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

  private final String name;
  private final List<Object> leading;
  private final MethodHandle handle;

  private NativeCall(String name, List<Object> leading, MethodHandle handle) {
    this.name = name;
    this.leading = leading;
    this.handle = handle;
  }

  /** A function whose result is an {@code int}. */
  public static NativeCall ofInt(String name, MemoryLayout... parameters) {
    return new NativeCall(
        name, List.of(), bind(name, FunctionDescriptor.of(ValueLayout.JAVA_INT, parameters)));
  }

  /** A function whose result is a {@code long} or {@code ssize_t}. */
  public static NativeCall ofLong(String name, MemoryLayout... parameters) {
    return new NativeCall(
        name, List.of(), bind(name, FunctionDescriptor.of(ValueLayout.JAVA_LONG, parameters)));
  }

  /** A system call by its number, with up to six parameters. */
  public static NativeCall system(String name, long number, MemoryLayout... parameters) {
    var all = new MemoryLayout[parameters.length + 1];
    all[0] = ValueLayout.JAVA_LONG;
    System.arraycopy(parameters, 0, all, 1, parameters.length);
    var descriptor = FunctionDescriptor.of(ValueLayout.JAVA_LONG, all);
    return new NativeCall(name, List.of(number), bind("syscall", descriptor));
  }

  /** A function of another library, whose result is a pointer, a {@code long} or an {@code int}. */
  static NativeCall of(
      SymbolLookup library, String name, MemoryLayout result, MemoryLayout... parameters) {
    return new NativeCall(
        name, List.of(), bind(library, name, FunctionDescriptor.of(result, parameters)));
  }

  private static MethodHandle bind(String symbol, FunctionDescriptor descriptor) {
    return bind(LINKER.defaultLookup(), symbol, descriptor);
  }

  private static MethodHandle bind(
      SymbolLookup library, String symbol, FunctionDescriptor descriptor) {
    var handle =
        LINKER.downcallHandle(
            library
                .find(symbol)
                .orElseThrow(
                    () -> new UnsupportedOperationException("the libraries have no " + symbol)),
            descriptor,
            Linker.Option.captureCallState("errno"));
    int count = handle.type().parameterCount();
    return handle.asType(handle.type().generic()).asSpreader(Object[].class, count);
  }

  /** Calls it; a negative result is the failure of doing that to the resource. */
  public long on(Object resource, Object... arguments) throws LinuxException {
    long result = orErrno(arguments);
    if (result < 0) {
      throw new LinuxException(name, resource.toString(), (int) -result);
    }
    return result;
  }

  /** Calls it for a result that is no error, whatever its sign. */
  long raw(Object... arguments) {
    return call(true, arguments);
  }

  /** Calls it, again while a signal interrupts it; a failure is the errno, negated. */
  public long orErrno(Object... arguments) {
    return call(false, arguments);
  }

  private long call(boolean anySign, Object... arguments) {
    try (var arena = Arena.ofConfined()) {
      var state = arena.allocate(STATE);
      var all = new Object[1 + leading.size() + arguments.length];
      all[0] = state;
      for (int i = 0; i < leading.size(); i++) {
        all[1 + i] = leading.get(i);
      }
      System.arraycopy(arguments, 0, all, 1 + leading.size(), arguments.length);
      while (true) {
        long result = ((Number) (Object) handle.invokeExact(all)).longValue();
        if (result >= 0 || anySign) {
          return result;
        }
        int errno = (int) ERRNO.get(state, 0L);
        if (errno != Errno.EINTR) {
          return -errno;
        }
      }
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(name + " cannot be called", e);
    }
  }

  /** Something that allocates for the length of a call. */
  public interface Body<T> {
    T run(Arena arena) throws IOException;
  }

  /** Runs the body with native memory that is freed when it returns. */
  public static <T> T withMemory(Body<T> body) throws IOException {
    try (var arena = Arena.ofConfined()) {
      return body.run(arena);
    }
  }

  /** The text as C has it. */
  static MemorySegment text(Arena arena, Object text) {
    return arena.allocateFrom(text.toString());
  }
}
