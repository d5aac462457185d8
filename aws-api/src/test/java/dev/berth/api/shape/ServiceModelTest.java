package dev.berth.api.shape;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.api.shape.SdkShapes.Member;
import dev.berth.api.shape.ServiceModel.OperationModel;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.traits.ListTrait;
import software.amazon.awssdk.core.traits.MapTrait;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsAsyncClient;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.ssm.SsmClient;
import software.amazon.awssdk.services.sts.StsClient;

/** Holds each committed model against the SDK's classes. */
class ServiceModelTest {

  static List<Arguments> services() {
    return List.of(
        Arguments.of("cloudwatchlogs", CloudWatchLogsAsyncClient.class),
        Arguments.of("ecs", EcsClient.class),
        Arguments.of("ec2", Ec2Client.class),
        Arguments.of("secretsmanager", SecretsManagerClient.class),
        Arguments.of("ssm", SsmClient.class),
        Arguments.of("sts", StsClient.class));
  }

  @ParameterizedTest
  @MethodSource("services")
  void itHasTheOperationsOfTheSdk(String service, Class<? extends SdkClient> client) {
    ServiceModel model = ServiceModel.load(service);
    Set<String> ofSdk = new TreeSet<>();
    for (var method : client.getMethods()) {
      for (Class<?> parameter : method.getParameterTypes()) {
        String name = parameter.getSimpleName();
        if (parameter.getPackageName().equals(model.sdkPackage()) && name.endsWith("Request")) {
          ofSdk.add(name.substring(0, name.length() - "Request".length()));
        }
      }
    }

    assertThat(model.operations().values())
        .extracting(OperationModel::sdkName)
        .containsExactlyInAnyOrderElementsOf(ofSdk);
  }

  @ParameterizedTest
  @MethodSource("services")
  void itHasTheMembersOfTheSdk(String service, Class<? extends SdkClient> client)
      throws ClassNotFoundException {
    ServiceModel model = ServiceModel.load(service);
    var walk = new Walk(model);
    for (var operation : model.operations().values()) {
      if (operation.input().isEmpty()) {
        continue; // Of a large service, only what is served keeps its input.
      }
      Class<?> request = Class.forName(model.sdkPackage() + "." + operation.sdkName() + "Request");
      walk.structure(operation.input(), SdkShapes.builder(request));
    }

    assertThat(walk.differences).isEmpty();
    assertThat(walk.seen).as("shapes that no input reaches").containsAll(model.shapes().keySet());
  }

  @ParameterizedTest
  @MethodSource("services")
  void itsErrorsAreTheSdks(String service, Class<? extends SdkClient> client)
      throws ClassNotFoundException {
    ServiceModel model = ServiceModel.load(service);
    for (String error : model.errors().keySet()) {
      assertThat(SdkShapes.builder(Class.forName(model.sdkPackage() + "." + error))).isNotNull();
    }
    assertThat(
            model.operations().values().stream()
                .flatMap(operation -> operation.errors().stream())
                .collect(Collectors.toSet()))
        .isSubsetOf(model.errors().keySet());
  }

  /** Compares along the inputs, each shape once. */
  private static final class Walk {
    private final ServiceModel model;
    private final Set<String> seen = new HashSet<>();
    private final List<String> differences = new ArrayList<>();

    Walk(ServiceModel model) {
      this.model = model;
    }

    void structure(String name, SdkPojo pojo) {
      if (!seen.add(name)) {
        return;
      }
      if (!(model.shape(name) instanceof Shape.Structure structure)) {
        differences.add(name + " is a structure in the SDK alone");
        return;
      }
      Set<String> ofSdk =
          pojo.sdkFields().stream().map(SdkField::memberName).collect(Collectors.toSet());
      if (!structure.members().keySet().equals(ofSdk)) {
        differences.add(name + ": " + structure.members().keySet() + " but " + ofSdk);
      }
      for (SdkField<?> field : pojo.sdkFields()) {
        value(structure.members().getOrDefault(field.memberName(), ""), field);
      }
    }

    private void value(String name, SdkField<?> field) {
      switch (model.shape(name)) {
        case Shape.Structure _ ->
            structure(name, new Member.Field(field).structure().orElseThrow());
        case Shape.ListOf(String member, _) -> {
          seen.add(name);
          value(member, field.getRequiredTrait(ListTrait.class).memberFieldInfo());
        }
        case Shape.MapOf(String key, String value, _) -> {
          seen.add(name);
          seen.add(key);
          value(value, field.getRequiredTrait(MapTrait.class).valueFieldInfo());
        }
        case Shape.Text _, Shape.Numeric _, Shape.Free _ -> seen.add(name);
      }
    }
  }
}
