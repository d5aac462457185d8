package dev.berth.api.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.berth.model.signature.Credentials;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.ecs.model.CapacityProviderStrategyItem;
import software.amazon.awssdk.services.ecs.model.ClusterNotFoundException;
import software.amazon.awssdk.services.ecs.model.ConflictException;
import software.amazon.awssdk.services.ecs.model.DescribeTasksRequest;
import software.amazon.awssdk.services.ecs.model.DescribeTasksResponse;
import software.amazon.awssdk.services.ecs.model.EcsException;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.ListClustersRequest;
import software.amazon.awssdk.services.ecs.model.ListClustersResponse;
import software.amazon.awssdk.services.ecs.model.RunTaskRequest;
import software.amazon.awssdk.services.ecs.model.RunTaskResponse;
import software.amazon.awssdk.services.ecs.model.ServerException;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskField;
import software.amazon.awssdk.services.sts.model.GetCallerIdentityResponse;
import software.amazon.awssdk.services.sts.model.StsException;

/** The SDK and the AWS CLI against the gateway: what they send is understood, and so are they. */
class RealClientTest {
  private final AtomicReference<CallContext> lastContext = new AtomicReference<>();
  private final TestGateway gateway =
      new TestGateway(
          ServiceBinding.of("ecs")
              .on(ListClustersRequest.class, this::listClusters)
              .on(DescribeTasksRequest.class, RealClientTest::describeTasks)
              .on(RunTaskRequest.class, RealClientTest::runTask)
              .build());

  @AfterEach
  void stop() {
    gateway.close();
  }

  private ListClustersResponse listClusters(CallContext context, ListClustersRequest request) {
    lastContext.set(context);
    return ListClustersResponse.builder().clusterArns("arn:one", "arn:two").build();
  }

  private static DescribeTasksResponse describeTasks(
      CallContext context, DescribeTasksRequest request) {
    return switch (request.tasks().getFirst()) {
      case "nowhere" ->
          throw ClusterNotFoundException.builder().message("Cluster not found.").build();
      case "twice" ->
          throw ConflictException.builder()
              .message("Already there.")
              .resourceIds("arn:a", "arn:b")
              .build();
      case "bug" -> throw new IllegalStateException("an inner secret");
      case "other" -> throw StsException.builder().message("an inner secret").build();
      case "odd" -> throw new ApiException("OddException", 418, "Odd.");
      case String id ->
          DescribeTasksResponse.builder()
              .tasks(Task.builder().taskArn(id).tags(List.of()).startedAt(context.now()).build())
              .failures(List.of())
              .build();
    };
  }

  private static RunTaskResponse runTask(CallContext context, RunTaskRequest request) {
    return RunTaskResponse.builder()
        .tasks(Task.builder().taskArn(request.taskDefinition()).build())
        .build();
  }

  @Test
  void theSdkLearnsWhoItIs() {
    GetCallerIdentityResponse identity = gateway.sts().getCallerIdentity();

    assertThat(identity.account()).isEqualTo("123456789012");
    assertThat(identity.arn()).isEqualTo("arn:aws:iam::123456789012:root");
    assertThat(identity.responseMetadata().requestId()).isNotEqualTo("UNKNOWN");
  }

  @Test
  void accountAndRegionComeFromKeyAndScope() {
    ListClustersResponse response = gateway.ecs().listClusters();

    assertThat(response.clusterArns()).containsExactly("arn:one", "arn:two");
    assertThat(lastContext.get().accountId()).isEqualTo("123456789012");
    assertThat(lastContext.get().region()).isEqualTo(TestGateway.REGION);
    assertThat(lastContext.get().requestId()).isEqualTo(response.responseMetadata().requestId());
  }

  @Test
  void anEmptyListIsNotAnUnsetOne() {
    DescribeTasksResponse response =
        gateway.ecs().describeTasks(it -> it.tasks("arn:x").include(TaskField.TAGS));

    assertThat(response.hasFailures()).isTrue();
    assertThat(response.tasks().getFirst().hasTags()).isTrue();
    assertThat(response.tasks().getFirst().hasAttachments()).isFalse();
  }

  @Test
  void aModelledErrorKeepsItsTypeAndMembers() {
    assertThat(failureOfDescribe("nowhere", ClusterNotFoundException.class).awsErrorDetails())
        .satisfies(
            details -> {
              assertThat(details.errorCode()).isEqualTo("ClusterNotFoundException");
              assertThat(details.errorMessage()).isEqualTo("Cluster not found.");
              assertThat(details.sdkHttpResponse().statusCode()).isEqualTo(400);
            });
    assertThat(failureOfDescribe("twice", ConflictException.class).resourceIds())
        .containsExactly("arn:a", "arn:b");
    assertThat(failureOfDescribe("odd", EcsException.class))
        .satisfies(
            odd -> {
              assertThat(odd.awsErrorDetails().errorCode()).isEqualTo("OddException");
              assertThat(odd.statusCode()).isEqualTo(418);
            });
  }

  @Test
  void aBugTellsNothing() {
    for (String id : List.of("bug", "other")) {
      assertThat(failureOfDescribe(id, ServerException.class))
          .satisfies(
              failure -> {
                assertThat(failure.statusCode()).isEqualTo(500);
                assertThat(failure.getMessage()).doesNotContain("secret");
              });
    }
  }

  @Test
  void whatBreaksTheModelIsRefusedAndNamed() {
    assertThat(failure(InvalidParameterException.class, () -> gateway.ecs().runTask(it -> {})))
        .hasMessageContaining(
            "1 validation error detected: Value null at 'taskDefinition' failed to satisfy"
                + " constraint: Member must not be null");
    assertThat(
            failure(
                InvalidParameterException.class,
                () ->
                    gateway
                        .ecs()
                        .runTask(
                            it ->
                                it.taskDefinition("x")
                                    .launchType("ROCKET")
                                    .capacityProviderStrategy(
                                        CapacityProviderStrategyItem.builder()
                                            .capacityProvider("a")
                                            .weight(1001)
                                            .build()))))
        .hasMessageContaining("2 validation errors detected")
        .hasMessageContaining("at 'capacityProviderStrategy.1.member.weight'")
        .hasMessageContaining("Member must have value less than or equal to 1000")
        .hasMessageContaining("Value 'ROCKET' at 'launchType'")
        .hasMessageContaining("enum value set: [EC2, EXTERNAL, FARGATE");
  }

  @Test
  void anOperationThatIsNotThereYetIsNamed() {
    assertThat(
            failure(
                EcsException.class,
                () ->
                    gateway
                        .ecs()
                        .createService(it -> it.serviceName("s").launchType(LaunchType.FARGATE))))
        .satisfies(
            failure -> {
              assertThat(failure.awsErrorDetails().errorCode())
                  .isEqualTo("UnsupportedOperationException");
              assertThat(failure).hasMessageContaining("CreateService of ecs");
            });
    assertThat(failure(StsException.class, () -> gateway.sts().getSessionToken()))
        .satisfies(
            failure ->
                assertThat(failure.awsErrorDetails().errorCode())
                    .isEqualTo("UnsupportedOperation"));
  }

  @Test
  void aWrongSecretOrAnUnknownKeyIsRefusedInEachProtocolsWords() {
    var wrongSecret = new Credentials(TestGateway.CREDENTIALS.accessKeyId(), "wrong");
    var unknownKey = new Credentials("AKIANOBODY", "wrong");

    assertThat(ecsCode(wrongSecret)).isEqualTo("InvalidSignatureException");
    assertThat(ecsCode(unknownKey)).isEqualTo("UnrecognizedClientException");
    assertThat(stsCode(wrongSecret)).isEqualTo("SignatureDoesNotMatch");
    assertThat(stsCode(unknownKey)).isEqualTo("InvalidClientTokenId");
  }

  @Test
  void aClockThatIsFarOffIsRefused() {
    for (int minutes : new int[] {-20, 20}) {
      gateway.clock.set(InstantSource.offset(InstantSource.system(), Duration.ofMinutes(minutes)));

      assertThat(ecsCode(TestGateway.CREDENTIALS)).isEqualTo("InvalidSignatureException");
      assertThat(stsCode(TestGateway.CREDENTIALS)).isEqualTo("SignatureDoesNotMatch");
    }
  }

  @Test
  void theCliLearnsWhoItIs() throws Exception {
    JsonNode identity = new ObjectMapper().readTree(cli("sts", "get-caller-identity"));

    assertThat(identity.path("Account").asText()).isEqualTo("123456789012");
    assertThat(identity.path("Arn").asText()).isEqualTo("arn:aws:iam::123456789012:root");
  }

  @Test
  void theCliReadsAnswersAndErrors() throws Exception {
    assertThat(cli("ecs", "describe-tasks", "--tasks", "arn:x")).contains("\"taskArn\": \"arn:x\"");
    assertThat(cli("ecs", "describe-tasks", "--tasks", "nowhere"))
        .contains("(ClusterNotFoundException)", "DescribeTasks operation", "Cluster not found.");
    assertThat(cli("ecs", "list-services"))
        .contains("(UnsupportedOperationException)", "does not offer ListServices of ecs");
    assertThat(cli("sts", "get-session-token")).contains("(UnsupportedOperation)");
    assertThat(cli("sqs", "list-queues")).contains("Berth does not");
  }

  private String cli(String... arguments) throws IOException, InterruptedException {
    var builder = gateway.cli(arguments);
    assumeTrue(isOnPath(), "the AWS CLI is not installed");
    Process process = builder.start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    process.waitFor();
    return output;
  }

  private static boolean isOnPath() {
    return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(":"))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, "aws")));
  }

  private String ecsCode(Credentials credentials) {
    return failure(EcsException.class, () -> gateway.ecs(credentials).listClusters())
        .awsErrorDetails()
        .errorCode();
  }

  private String stsCode(Credentials credentials) {
    return failure(StsException.class, () -> gateway.sts(credentials).getCallerIdentity())
        .awsErrorDetails()
        .errorCode();
  }

  private <E extends AwsServiceException> E failureOfDescribe(String task, Class<E> type) {
    return failure(type, () -> gateway.ecs().describeTasks(it -> it.tasks(task)));
  }

  private static <E extends AwsServiceException> E failure(Class<E> type, ThrowingCallable call) {
    E failure = catchThrowableOfType(type, call);
    assertThat(failure).isNotNull();
    return failure;
  }
}
