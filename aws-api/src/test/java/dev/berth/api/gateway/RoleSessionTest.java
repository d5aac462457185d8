package dev.berth.api.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.berth.api.sts.StsOperations;
import dev.berth.control.role.RoleSessions;
import dev.berth.control.secret.AesVault;
import dev.berth.model.identity.RoleArn;
import dev.berth.model.signature.Credentials;
import dev.berth.model.signature.RequestSigner;
import dev.berth.model.signature.SignableRequest.Header;
import dev.berth.model.task.TaskId;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.ec2.model.DescribeVpcsRequest;
import software.amazon.awssdk.services.ec2.model.DescribeVpcsResponse;
import software.amazon.awssdk.services.ec2.model.Ec2Exception;
import software.amazon.awssdk.services.ecs.model.EcsException;
import software.amazon.awssdk.services.ecs.model.ListTasksRequest;
import software.amazon.awssdk.services.ecs.model.ListTasksResponse;
import software.amazon.awssdk.services.ecs.model.RunTaskRequest;
import software.amazon.awssdk.services.ecs.model.RunTaskResponse;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueRequest;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueResponse;
import software.amazon.awssdk.services.secretsmanager.model.SecretsManagerException;
import software.amazon.awssdk.services.sts.model.StsException;

/** Calls by the credentials of a task's role, as the real SDK signs them. */
class RoleSessionTest {
  private static final String ME =
      "arn:aws:sts::123456789012:assumed-role/web/0123456789abcdef0123456789abcdef";

  private final RoleSessions sessions =
      new RoleSessions(
          new AesVault(new byte[AesVault.KEY_BYTES], new SecureRandom()),
          new SecureRandom(),
          RoleSessions.VALIDITY_STANDARD);
  private final TestGateway gateway =
      new TestGateway(
          List.of(
              StsOperations.binding(),
              ServiceBinding.of("ecs")
                  .on(ListTasksRequest.class, (_, _) -> ListTasksResponse.builder().build())
                  .on(RunTaskRequest.class, (_, _) -> RunTaskResponse.builder().build())
                  .build(),
              ServiceBinding.of("ec2")
                  .on(DescribeVpcsRequest.class, (_, _) -> DescribeVpcsResponse.builder().build())
                  .build(),
              ServiceBinding.of("secretsmanager")
                  .on(
                      GetSecretValueRequest.class,
                      (_, _) -> GetSecretValueResponse.builder().build())
                  .build()),
          sessions,
          new JsonService(
              "berth",
              "Berth_20261123",
              Map.of("Echo", (_, _) -> JsonNodeFactory.instance.objectNode())));
  private final Credentials role =
      sessions
          .issue(
              new RoleArn("arn:aws:iam::123456789012:role/team/web"),
              new TaskId("0123456789abcdef0123456789abcdef"),
              Instant.now())
          .credentials();

  @AfterEach
  void stop() {
    gateway.close();
  }

  @Test
  void itIsTheAssumedRole() {
    var identity = gateway.sts(role).getCallerIdentity();

    assertThat(identity.account()).isEqualTo("123456789012");
    assertThat(identity.arn()).isEqualTo(ME);
    assertThat(identity.userId()).matches("AROA[A-Z2-7]{17}:0123456789abcdef0123456789abcdef");
  }

  @Test
  void itReadsWhatEcsShows() {
    assertThat(gateway.ecs(role).listTasks().taskArns()).isEmpty();
  }

  @Test
  void everythingElseIsDeniedInEachProtocolsWords() {
    var run =
        failure(
            EcsException.class,
            () -> gateway.ecs(role).runTask(it -> it.taskDefinition("hello:3")));
    assertThat(run.awsErrorDetails().errorCode()).isEqualTo("AccessDeniedException");
    assertThat(run.awsErrorDetails().errorMessage())
        .isEqualTo(
            "User: "
                + ME
                + " is not authorized to perform: ecs:RunTask on resource:"
                + " arn:aws:ecs:lab-9:123456789012:task-definition/hello:3 because no"
                + " identity-based policy allows the ecs:RunTask action");

    var read =
        failure(
            SecretsManagerException.class,
            () -> gateway.secrets(role).getSecretValue(it -> it.secretId("web/key")));
    assertThat(read.awsErrorDetails().errorCode()).isEqualTo("AccessDeniedException");
    assertThat(read.awsErrorDetails().errorMessage())
        .contains("perform: secretsmanager:GetSecretValue on resource: web/key because");

    var vpcs = failure(Ec2Exception.class, () -> gateway.ec2(role).describeVpcs());
    assertThat(vpcs.awsErrorDetails().errorCode()).isEqualTo("UnauthorizedOperation");
    assertThat(vpcs.awsErrorDetails().errorMessage())
        .startsWith("You are not authorized to perform this operation. User: " + ME);
    assertThat(vpcs.statusCode()).isEqualTo(403);

    var token = failure(StsException.class, () -> gateway.sts(role).getSessionToken());
    assertThat(token.awsErrorDetails().errorCode()).isEqualTo("AccessDenied");
  }

  @Test
  void anOperatorsCallsAreDenied() throws Exception {
    var signer = new RequestSigner(role, TestGateway.REGION, "berth");
    var target = new Header("X-Amz-Target", "Berth_20261123.Echo");
    byte[] body = "{}".getBytes(UTF_8);
    var request = HttpRequest.newBuilder(gateway.uri()).POST(BodyPublishers.ofByteArray(body));
    request.header(target.name(), target.value());
    signer
        .sign("POST", gateway.uri(), List.of(target), body, Instant.now())
        .forEach(header -> request.header(header.name(), header.value()));
    try (var http = HttpClient.newHttpClient()) {
      assertThat(http.send(request.build(), BodyHandlers.ofString()).body())
          .contains("AccessDeniedException", "berth:Echo");
    }
  }

  @Test
  void whatHasHadItsTimeIsExpiredInEachProtocolsWords() {
    Duration validity = RoleSessions.VALIDITY_STANDARD;
    Credentials old =
        sessions
            .issue(
                new RoleArn("arn:aws:iam::123456789012:role/web"),
                new TaskId("0123456789abcdef0123456789abcdef"),
                InstantSource.offset(InstantSource.system(), validity.negated()).instant())
            .credentials();

    assertThat(code(EcsException.class, () -> gateway.ecs(old).listTasks()))
        .isEqualTo("ExpiredTokenException");
    assertThat(code(StsException.class, () -> gateway.sts(old).getCallerIdentity()))
        .isEqualTo("ExpiredToken");
    assertThat(code(Ec2Exception.class, () -> gateway.ec2(old).describeVpcs()))
        .isEqualTo("RequestExpired");
  }

  @Test
  void aTokenOfSomebodyElseOrAnotherSecretIsRefused() {
    var forged = new Credentials(role.accessKeyId(), role.secretAccessKey(), "x".repeat(400));
    var bare = new Credentials(role.accessKeyId(), role.secretAccessKey());
    var guessed = new Credentials(role.accessKeyId(), "guessed", role.sessionToken());

    assertThat(code(EcsException.class, () -> gateway.ecs(forged).listTasks()))
        .isEqualTo("UnrecognizedClientException");
    assertThat(code(StsException.class, () -> gateway.sts(bare).getCallerIdentity()))
        .isEqualTo("InvalidClientTokenId");
    assertThat(code(StsException.class, () -> gateway.sts(guessed).getCallerIdentity()))
        .isEqualTo("SignatureDoesNotMatch");
  }

  private static <E extends AwsServiceException> String code(Class<E> type, ThrowingCallable call) {
    return failure(type, call).awsErrorDetails().errorCode();
  }

  private static <E extends AwsServiceException> E failure(Class<E> type, ThrowingCallable call) {
    E failure = catchThrowableOfType(type, call);
    assertThat(failure).isNotNull();
    return failure;
  }
}
