package dev.berth.model.task;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FargateSizesTest {
  @Test
  void seventyFourPairsAreOffered() {
    int count = 0;
    for (int cpuUnits = 128; cpuUnits <= 65536; cpuUnits += 128) {
      for (int memoryMib = 256; memoryMib <= 262144; memoryMib += 256) {
        if (FargateSizes.isOffered(new TaskSize(cpuUnits, memoryMib))) {
          count++;
        }
      }
    }
    assertThat(count).isEqualTo(74);
  }

  @ParameterizedTest
  @CsvSource({"256,512", "512,4096", "1024,2048", "4096,30720", "8192,61440", "16384,122880"})
  void theCornersOfTheTableAreOffered(int cpuUnits, int memoryMib) {
    assertThat(FargateSizes.isOffered(new TaskSize(cpuUnits, memoryMib))).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"256,3072", "256,1536", "1024,1024", "4096,31744", "8192,20000", "300,512"})
  void whatIsBesideTheTableIsNot(int cpuUnits, int memoryMib) {
    assertThat(FargateSizes.isOffered(new TaskSize(cpuUnits, memoryMib))).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "256,256",
    "0.25 vCPU,256",
    "1vcpu,1024",
    "' 2 VCPU ',2048",
    ".5 vCPU,",
    "0.0001 vCPU,"
  })
  void cpuIsReadInUnitsAndInProcessors(String declared, Integer cpuUnits) {
    assertThat(FargateSizes.cpuUnits(declared).orElse(null)).isEqualTo(cpuUnits);
  }

  @ParameterizedTest
  @CsvSource({"512,512", "0.5GB,512", "1 GB,1024", "30 gb,30720"})
  void memoryIsReadInMebibytesAndGigabytes(String declared, int memoryMib) {
    assertThat(FargateSizes.memoryMib(declared)).contains(memoryMib);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-1", "0", "0 GB", "one GB", "1 GiB", "1e3", "99999999999", "1,5 GB"})
  void whatIsNoAmountIsRefused(String declared) {
    assertThat(FargateSizes.memoryMib(declared)).isEmpty();
    assertThat(FargateSizes.cpuUnits(declared)).isEmpty();
  }
}
