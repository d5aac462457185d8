package dev.berth.agent.logs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import dev.berth.model.log.EventReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EventAssemblerTest {
  private long offset;

  @Test
  void eachLineIsAnEventAndEmptyOnesAreLeftOut() {
    var assembler = new EventAssembler(Optional.empty());

    line(assembler, 5, false, "a");
    line(assembler, 6, false, "");
    line(assembler, 7, false, "b");

    assertThat(taken(assembler)).containsExactly("5 a", "7 b");
    assertThat(assembler.boundary()).isEqualTo(offset);
    assertThat(assembler.hasEvents()).isFalse();
  }

  @Test
  void partsOfALineAreOneEventWithTheTimeOfTheFirst() {
    var assembler = new EventAssembler(Optional.empty());

    line(assembler, 5, false, "whole");
    long boundary = offset;
    line(assembler, 6, true, "a");
    line(assembler, 7, true, "b");

    assertThat(assembler.boundary()).isEqualTo(boundary);
    assertThat(assembler.isOpen()).isTrue();
    line(assembler, 8, false, "c");
    assertThat(taken(assembler)).containsExactly("5 whole", "6 abc");
    assertThat(assembler.boundary()).isEqualTo(offset);
  }

  @Test
  void aPatternSaysWhereAnEventBegins() {
    var assembler = new EventAssembler(Optional.of("^ERROR"));

    line(assembler, 5, false, "ERROR a");
    line(assembler, 6, false, "  at x");
    long boundary = offset;
    line(assembler, 7, false, "ERROR b");

    assertThat(assembler.boundary()).isEqualTo(boundary);
    assertThat(taken(assembler)).containsExactly("5 ERROR a\n  at x");
    assembler.endOpen(offset);
    assertThat(taken(assembler)).containsExactly("7 ERROR b");
    assertThat(assembler.boundary()).isEqualTo(offset);
  }

  @Test
  void aClockThatIsSetBackGivesNoEventBeforeTheOneBefore() {
    var assembler = new EventAssembler(Optional.empty());

    line(assembler, 9, false, "a");
    line(assembler, 5, false, "b");

    assertThat(taken(assembler)).containsExactly("9 a", "9 b");
  }

  @Test
  void anEventThatIsTooLargeIsCutWhereItsSourceIs() {
    var assembler = new EventAssembler(Optional.empty());
    String part = "x".repeat(8_000);

    for (int i = 0; i < 40; i++) {
      line(assembler, 5, true, part);
      // What is given away is behind the boundary, so that another life can go on from there.
      assertThat(assembler.boundary() == 0).isEqualTo(!assembler.hasEvents());
    }
    line(assembler, 5, false, "end");

    var events = taken(assembler);
    assertThat(events).hasSize(2);
    assertThat(events.getFirst().length()).isLessThanOrEqualTo(256 * 1024);
    assertThat(events.stream().mapToInt(event -> event.length() - 2).sum())
        .isEqualTo(40 * 8_000 + 3);
  }

  @Test
  void whatIsReadAgainAfterARestartGivesTheSameEvents() {
    var assembler = new EventAssembler(Optional.empty());
    line(assembler, 5, false, "a");
    line(assembler, 6, true, "half");

    assembler.restart(0);
    offset = 0;
    line(assembler, 5, false, "a");

    assertThat(taken(assembler)).containsExactly("5 a");
  }

  private void line(EventAssembler assembler, long millis, boolean partial, String text) {
    byte[] bytes = text.getBytes(UTF_8);
    long from = offset;
    offset += 45 + bytes.length + 1;
    assembler.line(millis, false, partial, bytes, 0, bytes.length, from, offset);
  }

  private static List<String> taken(EventAssembler assembler) {
    var block = assembler.take();
    if (block.isEmpty()) {
      return List.of();
    }
    byte[] raw = Zstd.decompress(block.compressed(), block.rawByteCount());
    var reader = new EventReader(raw, raw.length, block.firstMillis());
    var events = new ArrayList<String>();
    while (reader.next()) {
      events.add(reader.epochMillis() + " " + reader.message());
    }
    return events;
  }
}
