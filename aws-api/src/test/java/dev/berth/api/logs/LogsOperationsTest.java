package dev.berth.api.logs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.berth.api.gateway.TestGateway;
import dev.berth.logs.memory.MemoryLogStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.cloudwatchlogs.model.CloudWatchLogsException;
import software.amazon.awssdk.services.cloudwatchlogs.model.FilteredLogEvent;
import software.amazon.awssdk.services.cloudwatchlogs.model.GetLogEventsRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.InputLogEvent;
import software.amazon.awssdk.services.cloudwatchlogs.model.InvalidParameterException;
import software.amazon.awssdk.services.cloudwatchlogs.model.LogGroup;
import software.amazon.awssdk.services.cloudwatchlogs.model.LogStream;
import software.amazon.awssdk.services.cloudwatchlogs.model.OrderBy;
import software.amazon.awssdk.services.cloudwatchlogs.model.OutputLogEvent;
import software.amazon.awssdk.services.cloudwatchlogs.model.PutLogEventsResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.ResourceAlreadyExistsException;
import software.amazon.awssdk.services.cloudwatchlogs.model.ResourceNotFoundException;
import software.amazon.awssdk.services.cloudwatchlogs.model.StartLiveTailResponseHandler;

@Timeout(120)
class LogsOperationsTest {
  private static final String ARN =
      "arn:aws:logs:" + TestGateway.REGION + ":123456789012:log-group:";
  private static final long NOW = System.currentTimeMillis();

  private final TestGateway gateway =
      new TestGateway(List.of(LogsOperations.binding(new MemoryLogStore(InstantSource.system()))));
  private final CloudWatchLogsClient client = gateway.logs();

  @BeforeEach
  void begin() {
    client.createLogGroup(it -> it.logGroupName("/ecs/web").tags(Map.of("team", "a")));
    client.createLogStream(it -> it.logGroupName("/ecs/web").logStreamName("s"));
  }

  @AfterEach
  void end() {
    client.close();
    gateway.close();
  }

  @Test
  void aGroupIsDescribedAsOnAws() {
    client.putRetentionPolicy(it -> it.logGroupName("/ecs/web").retentionInDays(7));
    LogGroup group =
        client.describeLogGroups(it -> it.logGroupNamePrefix("/ecs")).logGroups().getFirst();

    assertThat(group.arn()).isEqualTo(ARN + "/ecs/web:*");
    assertThat(group.logGroupArn()).isEqualTo(ARN + "/ecs/web");
    assertThat(group.retentionInDays()).isEqualTo(7);
    assertThat(group.logGroupClassAsString()).isEqualTo("STANDARD");
    client.deleteRetentionPolicy(it -> it.logGroupName("/ecs/web"));
    assertThat(client.describeLogGroups().logGroups().getFirst().retentionInDays()).isNull();
    assertThat(client.describeLogGroups(it -> it.logGroupNamePattern("we")).logGroups()).hasSize(1);
    assertThat(client.describeLogGroups(it -> it.logGroupNamePrefix("we")).logGroups()).isEmpty();
  }

  @Test
  void groupsAndStreamsComePageByPage() {
    for (String name : List.of("c", "a", "b")) {
      client.createLogGroup(it -> it.logGroupName(name));
      client.createLogStream(it -> it.logGroupName("/ecs/web").logStreamName(name));
    }

    var groups = new ArrayList<String>();
    client
        .describeLogGroupsPaginator(it -> it.limit(1))
        .forEach(page -> page.logGroups().forEach(group -> groups.add(group.logGroupName())));
    var streams = new ArrayList<String>();
    client
        .describeLogStreamsPaginator(it -> it.logGroupName("/ecs/web").limit(2).descending(true))
        .forEach(page -> page.logStreams().forEach(stream -> streams.add(stream.logStreamName())));

    assertThat(groups).containsExactly("/ecs/web", "a", "b", "c");
    assertThat(streams).containsExactly("s", "c", "b", "a");
  }

  @Test
  void whatIsThereAlreadyOrNotThereIsSaidInAwssWords() {
    assertThatThrownBy(() -> client.createLogGroup(it -> it.logGroupName("/ecs/web")))
        .isInstanceOf(ResourceAlreadyExistsException.class)
        .hasMessageContaining("The specified log group already exists");
    assertThatThrownBy(
            () -> client.createLogStream(it -> it.logGroupName("/ecs/web").logStreamName("s")))
        .isInstanceOf(ResourceAlreadyExistsException.class)
        .hasMessageContaining("The specified log stream already exists");
    assertThatThrownBy(() -> client.deleteLogGroup(it -> it.logGroupName("none")))
        .isInstanceOf(ResourceNotFoundException.class)
        .hasMessageContaining("The specified log group does not exist.");
    assertThatThrownBy(
            () -> client.getLogEvents(it -> it.logGroupName("/ecs/web").logStreamName("none")))
        .isInstanceOf(ResourceNotFoundException.class)
        .hasMessageContaining("The specified log stream does not exist.");
    assertThatThrownBy(() -> client.createLogGroup(it -> it.logGroupName("a b")))
        .isInstanceOf(InvalidParameterException.class)
        .hasMessageContaining("logGroupName");
    assertThatThrownBy(
            () -> client.putRetentionPolicy(it -> it.logGroupName("/ecs/web").retentionInDays(2)))
        .isInstanceOf(InvalidParameterException.class)
        .hasMessageContaining("retentionInDays");
  }

  @Test
  void whatIsNotOfferedSaysSo() {
    assertThatThrownBy(() -> client.describeQueries(it -> {}))
        .isInstanceOfSatisfying(
            CloudWatchLogsException.class,
            e ->
                assertThat(e.awsErrorDetails().errorCode())
                    .isEqualTo("UnsupportedOperationException"))
        .hasMessageContaining("DescribeQueries");
  }

  @Test
  @SuppressWarnings("deprecation") // The older family is still called.
  void tagsChangeByBothFamilies() {
    client.tagResource(it -> it.resourceArn(ARN + "/ecs/web").tags(Map.of("b", "2")));
    client.untagResource(it -> it.resourceArn(ARN + "/ecs/web").tagKeys("team"));

    client.tagLogGroup(it -> it.logGroupName("/ecs/web").tags(Map.of("c", "3")));

    assertThat(client.listTagsForResource(it -> it.resourceArn(ARN + "/ecs/web")).tags())
        .isEqualTo(client.listTagsLogGroup(it -> it.logGroupName("/ecs/web")).tags())
        .isEqualTo(Map.of("b", "2", "c", "3"));
    assertThatThrownBy(() -> client.listTagsForResource(it -> it.resourceArn(ARN + "none")))
        .isInstanceOf(ResourceNotFoundException.class);
  }

  @Test
  void eventsArePutInOrderAndWithinLimits() {
    assertThatThrownBy(() -> put(event(NOW, "b"), event(NOW - 1, "a")))
        .isInstanceOf(InvalidParameterException.class)
        .hasMessageContaining("must be in chronological order");
    assertThatThrownBy(() -> put(event(NOW - 90_000_000, "a"), event(NOW, "b")))
        .isInstanceOf(InvalidParameterException.class)
        .hasMessageContaining("cannot span more than 24 hours");
    assertThatThrownBy(() -> put(event(NOW, "x".repeat(600_000)), event(NOW, "x".repeat(600_000))))
        .isInstanceOf(InvalidParameterException.class)
        .hasMessageContaining("Upload too large: 1200052 bytes exceeds limit of 1048576");
    var tooNew = put(event(NOW, "now"), event(NOW + 3 * 3_600_000, "tomorrow"));

    assertThat(tooNew.rejectedLogEventsInfo().tooNewLogEventStartIndex()).isEqualTo(1);
    var tooOld = put(event(NOW - Duration.ofDays(15).toMillis(), "old"));
    assertThat(tooOld.rejectedLogEventsInfo().tooOldLogEventEndIndex()).isEqualTo(1);
    assertThat(filter("")).extracting(FilteredLogEvent::message).containsExactly("now");
  }

  @Test
  void aStreamIsReadInBothDirectionsUntilTheTokensRepeat() {
    put(IntStream.range(0, 5).mapToObj(i -> event(NOW + i, "m" + i)).toArray(InputLogEvent[]::new));

    var head = client.getLogEvents(it -> stream(it).startFromHead(true).limit(2));
    var next = client.getLogEvents(it -> stream(it).nextToken(head.nextForwardToken()).limit(2));
    var last = client.getLogEvents(it -> stream(it).nextToken(next.nextForwardToken()).limit(2));
    var end = client.getLogEvents(it -> stream(it).nextToken(last.nextForwardToken()).limit(2));
    var back = client.getLogEvents(it -> stream(it).nextToken(last.nextBackwardToken()).limit(2));
    var tail = client.getLogEvents(it -> stream(it).limit(2));

    assertThat(messages(head.events())).containsExactly("m0", "m1");
    assertThat(messages(next.events())).containsExactly("m2", "m3");
    assertThat(messages(last.events())).containsExactly("m4");
    assertThat(end.events()).isEmpty();
    assertThat(end.nextForwardToken()).startsWith("f/").isEqualTo(last.nextForwardToken());
    assertThat(messages(back.events())).containsExactly("m2", "m3");
    assertThat(messages(tail.events())).containsExactly("m3", "m4");
    put(event(NOW + 9, "late"));
    assertThat(
            messages(
                client.getLogEvents(it -> stream(it).nextToken(end.nextForwardToken())).events()))
        .containsExactly("late");
  }

  @Test
  void eventsAreFilteredByPatternStreamAndTimePageByPage() {
    client.createLogStream(it -> it.logGroupName("/ecs/web").logStreamName("t"));
    put(event(NOW, "GET /a"), event(NOW + 1, "POST /b"), event(NOW + 2, "GET /c"));
    client.putLogEvents(
        it -> it.logGroupName("/ecs/web").logStreamName("t").logEvents(event(NOW + 1, "GET /d")));

    var paged = new ArrayList<String>();
    client
        .filterLogEventsPaginator(it -> it.logGroupName("/ecs/web").filterPattern("GET").limit(1))
        .events()
        .forEach(event -> paged.add(event.logStreamName() + " " + event.message()));

    assertThat(paged).containsExactly("s GET /a", "t GET /d", "s GET /c");
    assertThat(
            client
                .filterLogEvents(
                    it -> it.logGroupIdentifier(ARN + "/ecs/web").logStreamNamePrefix("t"))
                .events())
        .extracting(FilteredLogEvent::message)
        .containsExactly("GET /d");
    assertThat(
            client
                .filterLogEvents(
                    it -> it.logGroupName("/ecs/web").startTime(NOW + 1).endTime(NOW + 2))
                .events())
        .hasSize(2);
    assertThat(filter("")).extracting(FilteredLogEvent::eventId).doesNotHaveDuplicates();
    assertThatThrownBy(() -> filter("{ $.a }"))
        .isInstanceOf(InvalidParameterException.class)
        .hasMessageContaining("Invalid filter pattern");
  }

  @Test
  void aStreamKnowsItsEvents() {
    put(event(NOW, "a"), event(NOW + 5, "b"));

    LogStream stream =
        client
            .describeLogStreams(it -> it.logGroupName("/ecs/web").orderBy(OrderBy.LAST_EVENT_TIME))
            .logStreams()
            .getFirst();

    assertThat(stream.firstEventTimestamp()).isEqualTo(NOW);
    assertThat(stream.lastEventTimestamp()).isEqualTo(NOW + 5);
    assertThat(stream.arn()).isEqualTo(ARN + "/ecs/web:log-stream:s");
  }

  @Test
  void aLiveTailSeesMatchingEventsAsTheyArrive() throws Exception {
    var seen = new ConcurrentLinkedQueue<String>();
    var started = new CountDownLatch(1);
    var all = new CountDownLatch(3);
    var visitor =
        StartLiveTailResponseHandler.Visitor.builder()
            .onSessionStart(_ -> started.countDown())
            .onSessionUpdate(
                update ->
                    update
                        .sessionResults()
                        .forEach(
                            event -> {
                              seen.add(event.message());
                              all.countDown();
                            }))
            .build();
    try (var live = gateway.liveLogs()) {
      var session =
          live.startLiveTail(
              it ->
                  it.logGroupIdentifiers(ARN + "/ecs/web")
                      .logStreamNames("s")
                      .logEventFilterPattern("line"),
              StartLiveTailResponseHandler.builder().subscriber(visitor).build());
      assertThat(started.await(20, TimeUnit.SECONDS))
          .as("the session started: %s", session)
          .isTrue();

      put(event(NOW, "line 1"), event(NOW, "not wanted"), event(NOW + 1, "line 2"));
      put(event(NOW + 2, "line 3"));

      assertThat(all.await(20, TimeUnit.SECONDS)).isTrue();
      assertThat(seen).containsExactly("line 1", "line 2", "line 3");
      session.cancel(true);
    }
  }

  @Test
  void aLiveTailOfWhatIsNotThereIsRefused() {
    try (var live = gateway.liveLogs()) {
      var session =
          live.startLiveTail(
              it -> it.logGroupIdentifiers(ARN + "none"),
              StartLiveTailResponseHandler.builder().subscriber(_ -> {}).build());

      assertThatThrownBy(session::join).hasCauseInstanceOf(ResourceNotFoundException.class);
    }
  }

  @Test
  void theCliFollowsAGroup() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/aws")), "the AWS CLI is not installed");
    put(event(NOW, "first"), event(NOW + 1, "second"));
    ProcessBuilder command =
        gateway.cli("logs", "tail", "/ecs/web", "--follow", "--format", "short");
    command.command().set(0, "/usr/bin/aws");
    Process tail = command.start();
    try (var lines = tail.inputReader(UTF_8)) {
      assertThat(lines.readLine()).endsWith("first");
      assertThat(lines.readLine()).endsWith("second");
      put(event(NOW + 2, "third"));
      assertThat(lines.readLine()).endsWith("third");
    } finally {
      tail.destroyForcibly();
    }
  }

  private PutLogEventsResponse put(InputLogEvent... events) {
    return client.putLogEvents(
        it -> it.logGroupName("/ecs/web").logStreamName("s").logEvents(events));
  }

  private List<FilteredLogEvent> filter(String pattern) {
    return client
        .filterLogEvents(it -> it.logGroupName("/ecs/web").filterPattern(pattern))
        .events();
  }

  private static GetLogEventsRequest.Builder stream(GetLogEventsRequest.Builder it) {
    return it.logGroupName("/ecs/web").logStreamName("s");
  }

  private static InputLogEvent event(long at, String message) {
    return InputLogEvent.builder().timestamp(at).message(message).build();
  }

  private static List<String> messages(List<OutputLogEvent> events) {
    return events.stream().map(OutputLogEvent::message).toList();
  }
}
