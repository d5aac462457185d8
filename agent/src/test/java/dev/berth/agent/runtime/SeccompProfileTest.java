package dev.berth.agent.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the compiled program says of calls, as the kernel would run it. */
class SeccompProfileTest {
  private static final int X86_64 = 0xc000003e;
  private static final int ALLOW = 0x7fff0000;
  private static final int EPERM = 0x00050001;
  private static final int READ = 0;
  private static final int IOCTL = 16;
  private static final int MOUNT = 165;

  @Test
  void whatIsListedIsAllowedAndTheRestIsNot() throws Exception {
    assertThat(verdict(READ, 0)).isEqualTo(ALLOW);
    assertThat(verdict(MOUNT, 0)).isEqualTo(EPERM);
  }

  @ParameterizedTest
  @ValueSource(longs = {0x5000940eL, 0x50009401L, 0x50009417L, 0x50009418L, 0xd000943fL})
  void noSubvolumeIsMadeByAContainer(long request) throws Exception {
    assertThat(verdict(IOCTL, request)).isEqualTo(EPERM);
    assertThat(verdict(IOCTL, request | 0xffffffff00000000L)).isEqualTo(EPERM);
  }

  /** TCGETS, FIONBIO, FS_IOC_GETFLAGS, SIOCGIFCONF, and those by which files share content. */
  @ParameterizedTest
  @ValueSource(
      longs = {0x5401L, 0x5421L, 0x80086601L, 0x8912L, 0x40049409L, 0x4020940dL, 0xc0189436L})
  void allOtherQuestionsToADeviceAreAllowed(long request) throws Exception {
    assertThat(verdict(IOCTL, request)).isEqualTo(ALLOW);
    // As a program passes it that has it in a signed int.
    assertThat(verdict(IOCTL, request << 32 >> 32)).isEqualTo(ALLOW);
  }

  private static int verdict(int call, long secondArgument) throws Exception {
    byte[] program =
        Base64.getDecoder().decode(new SeccompProfile("amd64").seccomp().program().orElseThrow());
    var data = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
    data.putInt(0, call).putInt(4, X86_64).putLong(24, secondArgument);
    return run(ByteBuffer.wrap(program).order(ByteOrder.LITTLE_ENDIAN), data);
  }

  /** The few instructions that libseccomp makes, each of code, two jumps and a number. */
  private static int run(ByteBuffer program, ByteBuffer data) {
    int accumulator = 0;
    for (int at = 0; ; at++) {
      int code = program.getShort(at * 8);
      int k = program.getInt(at * 8 + 4);
      boolean jumps =
          switch (code) {
            case 0x15 -> accumulator == k;
            case 0x25 -> Integer.compareUnsigned(accumulator, k) > 0;
            case 0x35 -> Integer.compareUnsigned(accumulator, k) >= 0;
            case 0x45 -> (accumulator & k) != 0;
            default -> false;
          };
      switch (code) {
        case 0x06 -> {
          return k;
        }
        case 0x20 -> accumulator = data.getInt(k);
        case 0x54 -> accumulator &= k;
        case 0x05 -> at += k;
        case 0x15, 0x25, 0x35, 0x45 -> at += program.get(at * 8 + (jumps ? 2 : 3)) & 0xff;
        default -> throw new AssertionError("an instruction of another kind: " + code);
      }
    }
  }
}
