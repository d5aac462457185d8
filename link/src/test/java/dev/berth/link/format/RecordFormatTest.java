package dev.berth.link.format;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.link.message.MessageExamples;
import dev.berth.link.message.TaskAssignment;
import dev.berth.link.message.ToAgent;
import dev.berth.link.message.ToControl;
import dev.berth.model.identity.AccountId;
import dev.berth.model.identity.Realm;
import dev.berth.model.identity.Region;
import dev.berth.model.task.ContainerSpec;
import dev.berth.model.task.LinuxParameters;
import dev.berth.model.task.StopCode;
import dev.berth.model.task.StopReason;
import dev.berth.model.task.TaskId;
import dev.berth.model.task.TaskSize;
import dev.berth.model.task.TaskSpec;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class RecordFormatTest {
  private static final TaskId TASK = new TaskId("0123456789abcdef0123456789abcdef");

  @Test
  void aMessageComesBackAsItWent() {
    ToAgent message = new ToAgent.Assign(7, assignment());

    var read = RecordFormat.read(RecordFormat.write(message), ToAgent.class);

    assertThat(read).isEqualTo(message);
  }

  @Test
  void theRecordOfASealedTypeIsNamed() {
    assertThat(new String(RecordFormat.write(new ToControl.Heartbeat()), UTF_8))
        .isEqualTo("{\"is\":\"Heartbeat\"}");
    assertThat(RecordFormat.read("{\"is\":\"Heartbeat\"}".getBytes(UTF_8), ToControl.class))
        .isEqualTo(new ToControl.Heartbeat());
  }

  @Test
  void aMemberOfANewerVersionIsIgnoredAndAnAbsentOneIsEmpty() {
    var text = "{\"code\":\"USER_INITIATED\",\"text\":\"t\",\"colour\":\"red\"}";

    assertThat(RecordFormat.read(text.getBytes(UTF_8), StopReason.class))
        .isEqualTo(new StopReason(StopCode.USER_INITIATED, "t"));
  }

  @Test
  void whatIsNoSuchRecordIsRefusedByName() {
    assertThatThrownBy(
            () -> RecordFormat.read("{\"is\":\"Nonsense\"}".getBytes(UTF_8), ToAgent.class))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("ToAgent");
  }

  private static TaskAssignment assignment() {
    var container =
        new ContainerSpec(
            "app",
            "busybox",
            true,
            Optional.of(List.of("echo", "hi")),
            Optional.empty(),
            Map.of("A", "b"),
            Optional.empty(),
            Optional.of("/tmp"),
            0,
            OptionalInt.of(128),
            OptionalInt.empty(),
            30,
            false,
            false,
            false,
            LinuxParameters.NONE,
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    var realm = new Realm(new AccountId("123456789012"), new Region("eu-west-1"));
    var spec =
        new TaskSpec(
            TASK,
            realm,
            "default",
            "web",
            3,
            new TaskSize(256, 512),
            List.of(container),
            MessageExamples.eni(),
            OptionalInt.empty(),
            Optional.empty());
    return new TaskAssignment(
        spec, "boot", Optional.of(new StopReason(StopCode.USER_INITIATED, "enough")));
  }
}
