package dev.berth.api.ssm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.api.gateway.TestGateway;
import dev.berth.control.secret.AesVault;
import dev.berth.control.secret.ParameterCommands;
import dev.berth.control.secret.Parameters;
import dev.berth.control.state.Kind;
import dev.berth.control.state.Ledger;
import dev.berth.store.memory.MemoryStore;
import java.security.SecureRandom;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ssm.SsmClient;
import software.amazon.awssdk.services.ssm.model.HierarchyTypeMismatchException;
import software.amazon.awssdk.services.ssm.model.InvalidFilterKeyException;
import software.amazon.awssdk.services.ssm.model.InvalidResourceIdException;
import software.amazon.awssdk.services.ssm.model.Parameter;
import software.amazon.awssdk.services.ssm.model.ParameterAlreadyExistsException;
import software.amazon.awssdk.services.ssm.model.ParameterMetadata;
import software.amazon.awssdk.services.ssm.model.ParameterNotFoundException;
import software.amazon.awssdk.services.ssm.model.ParameterPatternMismatchException;
import software.amazon.awssdk.services.ssm.model.ParameterStringFilter;
import software.amazon.awssdk.services.ssm.model.ParameterTier;
import software.amazon.awssdk.services.ssm.model.ParameterType;
import software.amazon.awssdk.services.ssm.model.ParameterVersionNotFoundException;
import software.amazon.awssdk.services.ssm.model.ResourceTypeForTagging;
import software.amazon.awssdk.services.ssm.model.SsmException;
import software.amazon.awssdk.services.ssm.model.Tag;

class ParameterOperationsTest {
  private final Ledger ledger = Ledger.open(new MemoryStore(), "test");
  private final Parameters parameters =
      new Parameters(new AesVault(new byte[AesVault.KEY_BYTES], new SecureRandom()));
  private final TestGateway gateway =
      new TestGateway(
          new ParameterOperations(ledger, parameters, new ParameterCommands(ledger, parameters))
              .binding());
  private final SsmClient client = gateway.ssm();

  @AfterEach
  void stop() {
    client.close();
    gateway.close();
  }

  @Test
  void aParameterIsFoundByItsNameItsArnAndItsVersion() {
    put("/web/url", "one", ParameterType.STRING);
    long version =
        client.putParameter(it -> it.name("/web/url").value("two").overwrite(true)).version();

    assertThat(version).isEqualTo(2);
    Parameter newest = client.getParameter(it -> it.name("/web/url")).parameter();
    assertThat(newest.value()).isEqualTo("two");
    assertThat(newest.arn()).isEqualTo("arn:aws:ssm:lab-9:123456789012:parameter/web/url");
    assertThat(newest.type()).isEqualTo(ParameterType.STRING);
    assertThat(newest.dataType()).isEqualTo("text");
    assertThat(client.getParameter(it -> it.name(newest.arn())).parameter().value())
        .isEqualTo("two");
    Parameter first = client.getParameter(it -> it.name("/web/url:1")).parameter();
    assertThat(first.value()).isEqualTo("one");
    assertThat(first.selector()).isEqualTo(":1");
    assertThatThrownBy(() -> client.getParameter(it -> it.name("/web/url:3")))
        .isInstanceOf(ParameterVersionNotFoundException.class);
    assertThatThrownBy(() -> client.getParameter(it -> it.name("/web")))
        .isInstanceOf(ParameterNotFoundException.class);
  }

  @Test
  void aSecureStringIsShownInClearToThoseAloneWhoAskForIt() {
    put("key", "blue moon", ParameterType.SECURE_STRING);

    assertThat(client.getParameter(it -> it.name("key")).parameter().value())
        .doesNotContain("blue moon");
    assertThat(client.getParameter(it -> it.name("key").withDecryption(true)).parameter().value())
        .isEqualTo("blue moon");
    assertThat(ledger.state().all(Kind.PARAMETER).toString()).doesNotContain("blue moon");
  }

  @Test
  void foldersAreReadAloneOrWithAllBelowPageByPage() {
    for (String name : List.of("/a/1", "/a/2", "/a/b/3", "/ab/4", "word")) {
      put(name, "v" + name, ParameterType.STRING);
    }

    assertThat(
            client.getParametersByPath(it -> it.path("/a")).parameters().stream()
                .map(Parameter::name))
        .containsExactly("/a/1", "/a/2");
    assertThat(
            client
                .getParametersByPathPaginator(it -> it.path("/a/").recursive(true).maxResults(2))
                .stream()
                .flatMap(page -> page.parameters().stream())
                .map(Parameter::name))
        .containsExactly("/a/1", "/a/2", "/a/b/3");
    assertThat(client.getParametersByPath(it -> it.path("/").recursive(true)).parameters())
        .hasSize(5);
  }

  @Test
  void manyAreReadAndDeletedAtOnceAndTheMissingOnesNamed() {
    put("a", "1", ParameterType.STRING);
    put("b", "2,3", ParameterType.STRING_LIST);

    var read = client.getParameters(it -> it.names("a", "b", "c"));
    assertThat(read.parameters()).extracting(Parameter::value).containsExactly("1", "2,3");
    assertThat(read.invalidParameters()).containsExactly("c");
    var _ = client.deleteParameter(it -> it.name("a"));
    var deleted = client.deleteParameters(it -> it.names("a", "b"));
    assertThat(deleted.deletedParameters()).containsExactly("b");
    assertThat(deleted.invalidParameters()).containsExactly("a");
    assertThatThrownBy(() -> client.deleteParameter(it -> it.name("a")))
        .isInstanceOf(ParameterNotFoundException.class);
  }

  @Test
  void descriptionsAreFilteredAndHistoryKept() {
    put("/a/1", "1", ParameterType.STRING);
    put("/b/2", "2", ParameterType.SECURE_STRING);
    var _ =
        client.putParameter(
            it -> it.name("/a/1").value("1b").description("changed").overwrite(true));

    assertThat(named("Name", "BeginsWith", "/a")).containsExactly("/a/1");
    assertThat(named("Name", "Equals", "/b/2")).containsExactly("/b/2");
    assertThat(named("Type", "Equals", "SecureString")).containsExactly("/b/2");
    assertThat(named("Path", "Recursive", "/")).containsExactly("/a/1", "/b/2");
    assertThatThrownBy(() -> named("Label", "Equals", "x"))
        .isInstanceOf(InvalidFilterKeyException.class);
    var history = client.getParameterHistory(it -> it.name("/a/1")).parameters();
    assertThat(history).extracting(it -> it.value()).containsExactly("1", "1b");
    assertThat(history.getLast().description()).isEqualTo("changed");
    assertThat(history.getLast().lastModifiedUser()).isEqualTo("arn:aws:iam::123456789012:root");
  }

  @Test
  void tagsAreAddedAndTakenAway() {
    put("a", "1", ParameterType.STRING);
    var _ =
        client.addTagsToResource(
            it ->
                it.resourceType(ResourceTypeForTagging.PARAMETER)
                    .resourceId("a")
                    .tags(tag("x", "1"), tag("y", "2")));
    var _ =
        client.removeTagsFromResource(
            it -> it.resourceType(ResourceTypeForTagging.PARAMETER).resourceId("a").tagKeys("x"));

    assertThat(
            client
                .listTagsForResource(
                    it -> it.resourceType(ResourceTypeForTagging.PARAMETER).resourceId("a"))
                .tagList())
        .containsExactly(tag("y", "2"));
    assertThatThrownBy(
            () ->
                client.listTagsForResource(
                    it -> it.resourceType(ResourceTypeForTagging.PARAMETER).resourceId("b")))
        .isInstanceOf(InvalidResourceIdException.class);
  }

  @Test
  void whatCannotBeIsRefused() {
    put("a", "1", ParameterType.STRING);

    assertThatThrownBy(() -> put("a", "2", ParameterType.STRING))
        .isInstanceOf(ParameterAlreadyExistsException.class)
        .hasMessageContaining("set the overwrite option in the request to true");
    assertThatThrownBy(
            () ->
                client.putParameter(
                    it ->
                        it.name("a").value("2").type(ParameterType.SECURE_STRING).overwrite(true)))
        .isInstanceOf(HierarchyTypeMismatchException.class);
    assertThatThrownBy(() -> client.putParameter(it -> it.name("b").value("2")))
        .hasMessageContaining("A parameter type is required when you create a parameter.");
    assertThatThrownBy(() -> put("aws/b", "1", ParameterType.STRING))
        .hasMessageContaining("can't be prefixed");
    assertThatThrownBy(() -> put("a/b", "1", ParameterType.STRING))
        .hasMessageContaining("must begin with a slash");
    assertThatThrownBy(() -> put("b", "x".repeat(4097), ParameterType.STRING))
        .hasMessageContaining("4096 characters");
    assertThatThrownBy(
            () ->
                client.putParameter(
                    it ->
                        it.name("b")
                            .value("x")
                            .type(ParameterType.STRING)
                            .allowedPattern("[0-9]+")))
        .isInstanceOf(ParameterPatternMismatchException.class);
    assertThat(
            client
                .putParameter(
                    it ->
                        it.name("b")
                            .value("x".repeat(4097))
                            .type(ParameterType.STRING)
                            .tier(ParameterTier.INTELLIGENT_TIERING))
                .tier())
        .isEqualTo(ParameterTier.ADVANCED);
    assertThatThrownBy(() -> client.describeInstanceInformation())
        .isInstanceOf(SsmException.class)
        .hasMessageContaining("does not offer DescribeInstanceInformation of ssm");
  }

  private void put(String name, String value, ParameterType type) {
    var _ = client.putParameter(it -> it.name(name).value(value).type(type));
  }

  private List<String> named(String key, String option, String value) {
    return client
        .describeParameters(
            it ->
                it.parameterFilters(
                    ParameterStringFilter.builder().key(key).option(option).values(value).build()))
        .parameters()
        .stream()
        .map(ParameterMetadata::name)
        .toList();
  }

  private static Tag tag(String key, String value) {
    return Tag.builder().key(key).value(value).build();
  }
}
