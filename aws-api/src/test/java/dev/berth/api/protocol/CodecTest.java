package dev.berth.api.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.api.shape.SampleShapes;
import dev.berth.api.shape.ServiceModel;
import java.net.URLEncoder;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.ecs.model.DescribeTasksResponse;
import software.amazon.awssdk.services.ecs.model.RegisterTaskDefinitionRequest;
import software.amazon.awssdk.services.ecs.model.RunTaskRequest;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.sts.model.AssumeRoleRequest;
import software.amazon.awssdk.services.sts.model.AssumeRoleResponse;

/** What the real clients do not show: notation to the letter, and input that is none. */
class CodecTest {
  private static final int FUZZ_COUNT = 3000;

  private final WireProtocol json = new JsonProtocol("1.1", false);
  private final WireProtocol query = new QueryProtocol("https://example.org/doc/");

  @Test
  void timesAreSecondsInJsonAndIsoInXml() {
    Instant time = Instant.parse("2026-11-23T04:05:06.789Z");

    assertThat(
            text(
                json,
                DescribeTasksResponse.builder()
                    .tasks(Task.builder().createdAt(time).build())
                    .build()))
        .isEqualTo("{\"tasks\":[{\"createdAt\":1795406706.789}]}");
    assertThat(
            text(
                json,
                DescribeTasksResponse.builder()
                    .tasks(Task.builder().createdAt(Instant.ofEpochSecond(1_800_000_000)).build())
                    .build()))
        .isEqualTo("{\"tasks\":[{\"createdAt\":1800000000}]}");
    assertThat(
            text(
                query, AssumeRoleResponse.builder().credentials(it -> it.expiration(time)).build()))
        .contains("<Expiration>2026-11-23T04:05:06.789Z</Expiration>");
  }

  @Test
  void unsetMembersAreAbsentAndEmptyListsAreNot() {
    assertThat(text(json, DescribeTasksResponse.builder().failures(List.of()).build()))
        .isEqualTo("{\"failures\":[]}");
  }

  @Test
  void theVersionOfJsonIsEchoed() {
    WireError error = new WireError("NoException", 400, "No.");

    assertThat(new JsonProtocol("1.0", false).encode(error, "id").contentType())
        .isEqualTo("application/x-amz-json-1.0");
    assertThat(new JsonProtocol("1.0", true).encode(error, "id").headers())
        .containsEntry("x-amzn-query-error", "NoException;Sender");
    assertThat(json.encode(error, "id").headers()).doesNotContainKey("x-amzn-query-error");
  }

  @Test
  void listsInQueriesAreSortedByNumberAndMayBeFlat() {
    var nested = AssumeRoleRequest.builder();
    var form = new StringBuilder("Action=AssumeRole&RoleArn=" + URLEncoder.encode("a+b c", UTF_8));
    for (int i = 12; i >= 1; i--) {
      form.append("&PolicyArns.member.%d.arn=p%d".formatted(i, i));
    }
    query.decode(new WireRequest("", bytes(form.toString())), (SdkPojo) nested);
    var flat = AssumeRoleRequest.builder();
    query.decode(
        new WireRequest("TagKeys=ignored", bytes("PolicyArns.10.arn=z&PolicyArns.9.arn=y")),
        (SdkPojo) flat);

    assertThat(nested.build().roleArn()).isEqualTo("a+b c");
    assertThat(nested.build().policyArns())
        .extracting(it -> it.arn())
        .startsWith("p1", "p2", "p3")
        .endsWith("p9", "p10", "p11", "p12");
    assertThat(flat.build().policyArns()).extracting(it -> it.arn()).containsExactly("y", "z");
  }

  @Test
  void whatXmlCannotHoldIsReplaced() {
    assertThat(
            text(
                query,
                AssumeRoleResponse.builder()
                    .sourceIdentity("a<b>&\"\u0001\uD83D\uDE00\uD800")
                    .build()))
        .contains("<SourceIdentity>a&lt;b&gt;&amp;&quot;\uFFFD\uD83D\uDE00\uFFFD</SourceIdentity>");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "DurationSeconds=ten",
        "DurationSeconds=99999999999",
        "DurationSeconds.x=1",
        "RoleArn=%zz",
        "PolicyArns.member.1=a&Tags.member.1.Key.x=y"
      })
  void aFormOfAnotherShapeIsRefused(String form) {
    assertThatThrownBy(
            () ->
                query.decode(
                    new WireRequest("", bytes(form)), (SdkPojo) AssumeRoleRequest.builder()))
        .isInstanceOf(MalformedRequest.class);
  }

  @Test
  void formsAreBounded() {
    for (String form : List.of("a=1&".repeat(50_000), "Tags" + ".member.1".repeat(50_000) + "=1")) {
      assertThatThrownBy(
              () ->
                  query.decode(
                      new WireRequest("", bytes(form)), (SdkPojo) AssumeRoleRequest.builder()))
          .isInstanceOf(MalformedRequest.class);
    }
  }

  @Test
  void damagedJsonIsReadOrRefusedAndNothingElse() {
    var model = ServiceModel.load("ecs");
    for (int seed = 0; seed < FUZZ_COUNT; seed++) {
      var random = new Random(seed);
      Class<?> type = seed % 2 == 0 ? RunTaskRequest.class : RegisterTaskDefinitionRequest.class;
      var sample = (SdkPojo) new SampleShapes(model, random).request(type, "");
      byte[] damaged = damage(json.encode("Any", sample, "id").body(), random);
      SdkPojo builder =
          (SdkPojo)
              (seed % 2 == 0 ? RunTaskRequest.builder() : RegisterTaskDefinitionRequest.builder());

      decodeOrRefuse(json, damaged, builder, seed);
    }
  }

  @Test
  void damagedFormsAreReadOrRefusedAndNothingElse() {
    byte[] form =
        bytes(
            "Action=AssumeRole&RoleArn=a&DurationSeconds=900&PolicyArns.member.1.arn=b"
                + "&Tags.member.1.Key=k&Tags.member.1.Value=v&TransitiveTagKeys.member.1=t");
    for (int seed = 0; seed < FUZZ_COUNT; seed++) {
      decodeOrRefuse(
          query, damage(form, new Random(seed)), (SdkPojo) AssumeRoleRequest.builder(), seed);
    }
  }

  private static void decodeOrRefuse(
      WireProtocol protocol, byte[] body, SdkPojo builder, int seed) {
    try {
      protocol.decode(new WireRequest("", body), builder);
    } catch (MalformedRequest refused) {
      assertThat(refused.getMessage()).as("seed %d", seed).isNotBlank();
    } catch (RuntimeException bug) {
      throw new AssertionError("seed " + seed + ": " + new String(body, UTF_8), bug);
    }
  }

  /** Cuts, swaps, repeats and overwrites a few bytes. */
  private static byte[] damage(byte[] original, Random random) {
    byte[] spice = bytes("{}[]\",:.0123456789eE-+&=%truefalsnl\u0000\u00ff\\");
    byte[] bytes = original.clone();
    for (int i = 1 + random.nextInt(4); i > 0 && bytes.length > 2; i--) {
      int at = random.nextInt(bytes.length);
      switch (random.nextInt(4)) {
        case 0 -> bytes = Arrays.copyOf(bytes, at);
        case 1 -> bytes[at] = spice[random.nextInt(spice.length)];
        case 2 -> bytes[at] = (byte) random.nextInt(256);
        default -> {
          int to = random.nextInt(bytes.length);
          System.arraycopy(original, 0, bytes, to, Math.min(original.length, bytes.length - to));
        }
      }
    }
    return bytes;
  }

  private static String text(WireProtocol protocol, SdkPojo output) {
    return new String(protocol.encode("Any", output, "id").body(), UTF_8);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }
}
