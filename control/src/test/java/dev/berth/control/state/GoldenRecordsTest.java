package dev.berth.control.state;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.link.format.RecordFormat;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Golden files of every released format are kept for ever: a record that was ever stored can be
 * read. A new format adds a folder; nobody edits an old one.
 */
class GoldenRecordsTest {
  /** Writes the files of a format that no release has yet, when asked to. */
  @BeforeAll
  static void writeGoldenFiles() throws IOException {
    if (Boolean.getBoolean("berth.golden.write")) {
      var folder = Path.of("src/test/resources/dev/berth/control/state/v" + RecordFormat.VERSION);
      for (Record example : examples()) {
        var file = folder.resolve(example.getClass().getSimpleName() + ".json");
        Files.writeString(file, new String(RecordFormat.write(example), UTF_8) + "\n");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("examples")
  void aRecordOfTheFirstFormatIsRead(Record example) throws IOException {
    assertThat(RecordFormat.read(golden("v1", example), example.getClass())).isEqualTo(example);
  }

  @ParameterizedTest
  @MethodSource("examples")
  void aRecordIsWrittenAsItWasReleased(Record example) throws IOException {
    assertThat(new String(RecordFormat.write(example), UTF_8))
        .isEqualTo(new String(golden("v" + RecordFormat.VERSION, example), UTF_8).strip());
  }

  @Test
  void everyKindOfRecordHasItsExample() {
    assertThat(examples().stream().map(Object::getClass))
        .containsExactlyInAnyOrderElementsOf(Kind.all().stream().map(Kind::type).toList());
  }

  @Test
  void whereARecordIsStoredNeverChanges() {
    assertThat(RecordExamples.CLUSTER)
        .satisfies(
            it ->
                assertThat(Kind.CLUSTER.storeKey(it))
                    .isEqualTo("/clusters/123456789012/eu-west-1/web"));
    assertThat(Kind.TASK_DEFINITION.storeKey(RecordExamples.TASK_DEFINITION))
        .isEqualTo("/task-definitions/123456789012/eu-west-1/web/3");
    assertThat(Kind.FAMILY.storeKey(RecordExamples.FAMILY))
        .isEqualTo("/families/123456789012/eu-west-1/web");
    assertThat(Kind.TASK.storeKey(RecordExamples.TASK))
        .isEqualTo("/tasks/00000000000000000000000000000001");
    assertThat(Kind.HOST.storeKey(RecordExamples.HOST)).isEqualTo("/hosts/h1");
    assertThat(Kind.SECRET.storeKey(RecordExamples.SECRET))
        .isEqualTo("/secrets/123456789012/eu-west-1/web/key");
    assertThat(Kind.PARAMETER.storeKey(RecordExamples.PARAMETER))
        .isEqualTo("/parameters/123456789012/eu-west-1//web/key");
    assertThat(Kind.ACCOUNT_SETTING.storeKey(RecordExamples.ACCOUNT_SETTING))
        .isEqualTo(
            "/account-settings/123456789012/eu-west-1/arn:aws:iam::123456789012:root"
                + "/containerInsights");
  }

  static List<Record> examples() {
    return Stream.concat(RecordExamples.ALL.stream(), NetworkExamples.ALL.stream()).toList();
  }

  private static byte[] golden(String format, Record example) throws IOException {
    var name = format + "/" + example.getClass().getSimpleName() + ".json";
    try (InputStream file = GoldenRecordsTest.class.getResourceAsStream(name)) {
      assertThat(file).as(name).isNotNull();
      return file.readAllBytes();
    }
  }
}
