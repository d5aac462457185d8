package dev.berth.api.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.api.shape.ConstraintCheck;
import dev.berth.api.shape.SampleShapes;
import dev.berth.api.shape.ServiceModel;
import dev.berth.api.shape.ServiceModel.OperationModel;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.awscore.AwsRequest;
import software.amazon.awssdk.awscore.AwsResponse;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.core.SdkPojo;

/** Every operation with every member filled, sent and read by the SDK's real clients. */
class EveryOperationTest {
  private static final int ROUND_COUNT = 3;

  /** The SDK sends these without a signature, as who calls them has no key yet. */
  private static final Set<String> UNSIGNED =
      Set.of("AssumeRoleWithSAML", "AssumeRoleWithWebIdentity");

  static List<Arguments> services() {
    return List.of(
        Arguments.of("ec2"),
        Arguments.of("ecs"),
        Arguments.of("secretsmanager"),
        Arguments.of("ssm"),
        Arguments.of("sts"));
  }

  @ParameterizedTest
  @MethodSource("services")
  void arrivesAsItWasSentAndIsReadAsItWasAnswered(String service) throws Exception {
    ServiceModel model = ServiceModel.load(service);
    var received = new AtomicReference<SdkPojo>();
    var answer = new AtomicReference<AwsResponse>();
    var sent = new TreeSet<String>();
    var builder = ServiceBinding.of(service);
    List<OperationModel> described =
        model.operations().values().stream().filter(it -> !it.input().isEmpty()).toList();
    for (OperationModel operation : described) {
      bind(builder, sdkClass(model, operation.sdkName() + "Request"), received, answer);
    }
    try (var gateway = new TestGateway(List.of(builder.build()));
        SdkClient client = client(gateway, service)) {
      for (String operation :
          new TreeSet<>(described.stream().map(OperationModel::name).toList())) {
        for (int round = 0; round < ROUND_COUNT && !UNSIGNED.contains(operation); round++) {
          var samples = new SampleShapes(model, new Random(round));
          Class<?> requestClass = sdkClass(model, operation + "Request");
          var request = (SdkPojo) samples.request(requestClass, operation);
          if (!ConstraintCheck.violations(model, operation, request).isEmpty()) {
            continue; // No sample suits the pattern of one of its members.
          }
          sent.add(operation);
          answer.set((AwsResponse) samples.response(sdkClass(model, operation + "Response")));
          String method =
              operation.substring(0, 1).toLowerCase(Locale.ROOT) + operation.substring(1);

          var response =
              (SdkPojo) clientClass(client).getMethod(method, requestClass).invoke(client, request);

          assertThat(received.get().equalsBySdkFields(request))
              .as("%s, seed %d: sent %s, received %s", operation, round, request, received.get())
              .isTrue();
          assertThat(response.equalsBySdkFields(answer.get()))
              .as("%s, seed %d: answered %s, read %s", operation, round, answer.get(), response)
              .isTrue();
        }
      }
    }
    assertThat(sent.size() * 2).as("sent: %s", sent).isGreaterThan(described.size());
  }

  private static SdkClient client(TestGateway gateway, String service) {
    return switch (service) {
      case "ec2" -> gateway.ec2();
      case "ecs" -> gateway.ecs();
      case "secretsmanager" -> gateway.secrets();
      case "ssm" -> gateway.ssm();
      default -> gateway.sts();
    };
  }

  private static <I extends AwsRequest> void bind(
      ServiceBinding.Builder builder,
      Class<?> request,
      AtomicReference<SdkPojo> received,
      AtomicReference<AwsResponse> answer) {
    @SuppressWarnings("unchecked") // Every request class of a model is one.
    var requestClass = (Class<I>) request;
    builder.on(
        requestClass,
        (_, input) -> {
          received.set((SdkPojo) input);
          return answer.get();
        });
  }

  /** The interface, as the class behind it is not public. */
  private static Class<?> clientClass(SdkClient client) {
    return List.of(client.getClass().getInterfaces()).getFirst();
  }

  private static Class<?> sdkClass(ServiceModel model, String name) throws ClassNotFoundException {
    return Class.forName(model.sdkPackage() + "." + name);
  }
}
