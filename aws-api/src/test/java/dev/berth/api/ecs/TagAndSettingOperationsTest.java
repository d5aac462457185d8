package dev.berth.api.ecs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.ClusterNotFoundException;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;
import software.amazon.awssdk.services.ecs.model.ResourceNotFoundException;
import software.amazon.awssdk.services.ecs.model.Setting;
import software.amazon.awssdk.services.ecs.model.SettingName;
import software.amazon.awssdk.services.ecs.model.Tag;

class TagAndSettingOperationsTest {
  private static final String CLUSTER = EcsRoom.ARN + "cluster/web";
  private static final String USER = "arn:aws:iam::123456789012:user/mia";
  private static final String ROOT = "arn:aws:iam::123456789012:root";

  private final EcsRoom room = new EcsRoom();

  @AfterEach
  void stop() {
    room.close();
  }

  @Test
  void tagsAreAddedReplacedAndTakenAway() {
    room.client.createCluster(it -> it.clusterName("web").tags(tag("a", "1"), tag("b", "2")));

    room.client.tagResource(it -> it.resourceArn(CLUSTER).tags(tag("b", "x"), tag("c", "3")));
    room.client.untagResource(it -> it.resourceArn(CLUSTER).tagKeys("a", "unknown"));

    assertThat(tags(CLUSTER)).containsExactly(tag("b", "x"), tag("c", "3"));
  }

  @Test
  void aTaskDefinitionHasTagsToo() throws Exception {
    room.client.registerTaskDefinition(
        it ->
            it.family("web")
                .containerDefinitions(
                    ContainerDefinition.builder().name("a").image("i").memory(64).build()));
    String arn = EcsRoom.ARN + "task-definition/web:1";

    room.cli("ecs", "tag-resource", "--resource-arn", arn, "--tags", "key=a,value=1");

    assertThat(tags(arn)).containsExactly(tag("a", "1"));
    assertThatThrownBy(() -> tags(EcsRoom.ARN + "task-definition/web"))
        .isInstanceOf(ResourceNotFoundException.class);
  }

  @Test
  void tagsThatCannotBeAreRefused() {
    room.client.createCluster(it -> it.clusterName("web"));

    assertTagsRefused("reserved prefix 'aws:'", tag("AWS:x", "1"));
    assertTagsRefused("Tag keys must be unique: a", tag("a", "1"), tag("a", "2"));
    assertTagsRefused("less than or equal to 128", tag("k".repeat(129), "1"));
    assertTagsRefused("less than or equal to 256", tag("k", "v".repeat(257)));
    room.client.tagResource(it -> it.resourceArn(CLUSTER).tags(many("a", 50)));
    assertTagsRefused("at most 50 tags", tag("one-more", "1"));
    assertThat(tags(CLUSTER)).hasSize(50);
  }

  @Test
  void whatIsNotThereCannotBeTagged() {
    assertThatThrownBy(() -> tags(CLUSTER)).isInstanceOf(ClusterNotFoundException.class);
    assertThatThrownBy(() -> tags("arn:aws:ecs:lab-9:999999999999:cluster/web"))
        .isInstanceOf(ClusterNotFoundException.class);
    assertThatThrownBy(() -> tags(EcsRoom.ARN + "task/web/" + "0".repeat(32)))
        .isInstanceOf(ResourceNotFoundException.class);
    assertThatThrownBy(() -> tags("web"))
        .isInstanceOf(InvalidParameterException.class)
        .hasMessageContaining("resourceArn");
    assertThatThrownBy(() -> tags(EcsRoom.ARN + "rocket/web"))
        .isInstanceOf(InvalidParameterException.class)
        .hasMessageContaining("rocket");
  }

  @Test
  void aPrincipalsSettingIsStrongerThanTheAccounts() {
    room.client.putAccountSettingDefault(it -> it.name("containerInsights").value("enabled"));
    room.client.putAccountSetting(
        it -> it.name("containerInsights").value("disabled").principalArn(USER));

    assertThat(effective(USER)).isEqualTo(setting("disabled", USER));
    assertThat(effective(ROOT)).isEqualTo(setting("enabled", ROOT));
    room.client.deleteAccountSetting(
        it -> it.name(SettingName.CONTAINER_INSIGHTS).principalArn(USER));
    assertThat(effective(USER)).isEqualTo(setting("enabled", ROOT));
  }

  @Test
  void onlyWhatWasChosenIsListedUnlessAllThatHoldsIsAskedFor() {
    room.client.putAccountSetting(it -> it.name("awsvpcTrunking").value("enabled"));

    assertThat(room.client.listAccountSettings().settings())
        .extracting(Setting::nameAsString, Setting::value)
        .containsExactly(tuple("awsvpcTrunking", "enabled"));
    assertThat(room.client.listAccountSettings(it -> it.effectiveSettings(true)).settings())
        .extracting(Setting::name)
        .containsAll(SettingName.knownValues());
    assertThat(
            room.client
                .listAccountSettingsPaginator(it -> it.effectiveSettings(true).maxResults(4))
                .settings())
        .extracting(Setting::name)
        .containsAll(SettingName.knownValues());
  }

  @Test
  void aSettingThatCannotBeIsRefused() {
    assertThatThrownBy(
            () -> room.client.putAccountSetting(it -> it.name("awsvpcTrunking").value("maybe")))
        .isInstanceOf(InvalidParameterException.class)
        .hasMessageContaining("'awsvpcTrunking'");
    assertThatThrownBy(
            () ->
                room.client.putAccountSetting(
                    it ->
                        it.name("awsvpcTrunking")
                            .value("enabled")
                            .principalArn("arn:aws:iam::999999999999:root")))
        .isInstanceOf(InvalidParameterException.class)
        .hasMessageContaining("principalArn");
  }

  private Setting effective(String principal) {
    return room.client
        .listAccountSettings(
            it ->
                it.effectiveSettings(true)
                    .name(SettingName.CONTAINER_INSIGHTS)
                    .principalArn(principal))
        .settings()
        .getFirst();
  }

  private static Setting setting(String value, String principal) {
    return Setting.builder()
        .name(SettingName.CONTAINER_INSIGHTS)
        .value(value)
        .principalArn(principal)
        .type("user")
        .build();
  }

  private void assertTagsRefused(String message, Tag... tags) {
    assertThatThrownBy(() -> room.client.tagResource(it -> it.resourceArn(CLUSTER).tags(tags)))
        .isInstanceOf(InvalidParameterException.class)
        .hasMessageContaining(message);
  }

  private List<Tag> tags(String arn) {
    return room.client.listTagsForResource(it -> it.resourceArn(arn)).tags();
  }

  private static List<Tag> many(String prefix, int count) {
    return IntStream.range(0, count).mapToObj(i -> tag(prefix + i, "1")).toList();
  }

  private static Tag tag(String key, String value) {
    return Tag.builder().key(key).value(value).build();
  }
}
