package dev.berth.control.declaration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.control.declaration.Unbuilt.EnvironmentFiles;
import dev.berth.model.Declared;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UnbuiltTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "volumes[1].efsVolumeConfiguration"
            + " | {\"volumes\":[{\"name\":\"v\"},{\"efsVolumeConfiguration\":{\"fileSystemId\":\"f\"}}]}",
        "volumes[0].configuredAtLaunch | {\"volumes\":[{\"configuredAtLaunch\":true}]}",
        "proxyConfiguration | {\"proxyConfiguration\":{\"containerName\":\"c\"}}",
        "containerDefinitions[1].environmentFiles"
            + " | {\"containerDefinitions\":[{},{\"environmentFiles\":[{\"type\":\"s3\"}]}]}",
        "containerDefinitions[0].logConfiguration"
            + " | {\"containerDefinitions\":[{\"logConfiguration\":{\"logDriver\":\"splunk\"}}]}"
      })
  void whatWouldBeIgnoredIsNamed(String path, String declaration) {
    assertThat(Unbuilt.first(new Declared(declaration), EnvironmentFiles.UNREACHABLE))
        .hasValueSatisfying(
            violation -> {
              assertThat(violation.path()).isEqualTo(path);
              assertThat(violation.message()).contains("'" + path + "'");
            });
  }

  @Test
  void emptyListsAskForNothing() {
    assertThat(
            Unbuilt.first(
                new Declared(
                    "{\"volumes\":[],\"containerDefinitions\":[{\"mountPoints\":[],"
                        + "\"volumesFrom\":[]}]}"),
                EnvironmentFiles.UNREACHABLE))
        .isEmpty();
  }

  @Test
  void environmentFilesAreRefusedUntilTheOperatorHasNamedAnEndpoint() {
    var overrides =
        new Declared(
            """
            {"containerOverrides": [{"name": "a"},
              {"name": "b", "environmentFiles": [{"type": "s3", "value": "arn:aws:s3:::b/a.env"}]}]}
            """);

    assertThat(Unbuilt.overridden(overrides, EnvironmentFiles.UNREACHABLE))
        .hasValueSatisfying(
            violation ->
                assertThat(violation.message())
                    .isEqualTo(
                        "Berth does not run tasks with 'containerOverrides[1].environmentFiles'"
                            + " before its operator has named an S3 endpoint: --s3-endpoint or"
                            + " BERTH_S3_ENDPOINT."));
    assertThat(Unbuilt.overridden(overrides, EnvironmentFiles.FROM_S3)).isEmpty();
    assertThat(
            Unbuilt.first(
                new Declared(
                    "{\"containerDefinitions\":[{\"environmentFiles\":[{\"type\":\"s3\"}]}]}"),
                EnvironmentFiles.FROM_S3))
        .isEmpty();
  }
}
