package dev.berth.link.message;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.link.format.RecordFormat;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Golden files of every released format are kept for ever: a message that was ever written can be
 * read. A new format adds a folder; nobody edits an old one.
 */
class GoldenMessagesTest {
  /** Writes the files of a format that no release has yet, when asked to. */
  @BeforeAll
  static void writeGoldenFiles() throws IOException {
    if (Boolean.getBoolean("berth.golden.write")) {
      var folder = Path.of("src/test/resources/dev/berth/link/message/v" + RecordFormat.VERSION);
      for (Record example : examples().toList()) {
        var file = folder.resolve(example.getClass().getSimpleName() + ".json");
        Files.writeString(file, new String(RecordFormat.write(example), UTF_8) + "\n");
      }
      for (var grown : MessageExamples.grown().entrySet()) {
        var file = folder.resolve(grown.getKey() + ".json");
        Files.writeString(file, new String(RecordFormat.write(grown.getValue()), UTF_8) + "\n");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("examples")
  void aMessageOfTheFirstFormatIsRead(Record example) throws IOException {
    assertThat(RecordFormat.read(golden("v1", example), linkType(example))).isEqualTo(example);
  }

  @ParameterizedTest
  @MethodSource("examples")
  void aMessageIsWrittenAsItWasReleased(Record example) throws IOException {
    assertThat(new String(RecordFormat.write(example), UTF_8))
        .isEqualTo(new String(golden("v" + RecordFormat.VERSION, example), UTF_8).strip());
  }

  @Test
  void everyKindOfMessageHasItsExample() {
    assertThat(examples().map(Object::getClass))
        .containsExactlyInAnyOrderElementsOf(
            Stream.of(ToAgent.class, ToControl.class)
                .flatMap(type -> Arrays.stream(type.getPermittedSubclasses()))
                .toList());
  }

  /** What came later is read and written the same; older messages say nothing of it. */
  @ParameterizedTest
  @MethodSource("grown")
  void aMessageThatHasGrownKeepsItsForm(String name, Record example) throws IOException {
    byte[] golden = golden("v" + RecordFormat.VERSION, name);
    assertThat(RecordFormat.read(golden, linkType(example))).isEqualTo(example);
    assertThat(new String(RecordFormat.write(example), UTF_8))
        .isEqualTo(new String(golden, UTF_8).strip());
  }

  static Stream<Arguments> grown() {
    return MessageExamples.grown().entrySet().stream()
        .map(each -> Arguments.of(each.getKey(), each.getValue()));
  }

  static Stream<Record> examples() {
    return Stream.of(MessageExamples.toAgent(), MessageExamples.toControl())
        .flatMap(List::stream)
        .map(Record.class::cast);
  }

  private static Class<?> linkType(Record example) {
    return example instanceof ToAgent ? ToAgent.class : ToControl.class;
  }

  private static byte[] golden(String format, Record example) throws IOException {
    return golden(format, example.getClass().getSimpleName());
  }

  private static byte[] golden(String format, String example) throws IOException {
    var name = format + "/" + example + ".json";
    try (InputStream file = GoldenMessagesTest.class.getResourceAsStream(name)) {
      assertThat(file).as(name).isNotNull();
      return file.readAllBytes();
    }
  }
}
