package dev.berth.agent.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

final class PacketFilterTest {
  /** The library ends the process, were it given a larger number than it can use. */
  @Test
  void itIsOpenedInAProcessWithManyDescriptors() throws Exception {
    try (var first = Namespaces.inNewNetwork(PacketFilter::new)) {
      first.run("add table inet one");
      var many = new ArrayList<Descriptor>();
      try {
        while (many.isEmpty() || many.getLast().number() < 1_100) {
          many.add(Descriptor.open(Path.of("/dev/null"), Descriptor.O_RDONLY));
        }
        for (int i = 0; i < 20; i++) {
          try (var filter = Namespaces.inNewNetwork(PacketFilter::new)) {
            filter.run("add table inet two");
            assertThat(filter.run("list tables")).isEqualTo("table inet two\n");
          }
        }
      } finally {
        many.forEach(Descriptor::close);
      }
    }
  }
}
