package dev.berth.control.state;

import dev.berth.model.account.AccountSetting;
import dev.berth.model.cluster.Cluster;
import dev.berth.model.cluster.ClusterId;
import dev.berth.model.host.Host;
import dev.berth.model.host.HostId;
import dev.berth.model.identity.AccountId;
import dev.berth.model.identity.Realm;
import dev.berth.model.secret.Parameter;
import dev.berth.model.secret.ParameterId;
import dev.berth.model.secret.Secret;
import dev.berth.model.secret.SecretId;
import dev.berth.model.task.Task;
import dev.berth.model.task.TaskDefinition;
import dev.berth.model.task.TaskDefinitionId;
import dev.berth.model.task.TaskId;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A kind of record: where it is stored and what names it.
 *
 * @param folder the store's prefix, unique and unchanging
 * @param key the record's key in memory
 * @param path the key as a path below the folder
 */
public record Kind<K, R extends Record>(
    String folder, Class<R> type, Function<R, K> key, Function<K, String> path) {

  public static final Kind<ClusterId, Cluster> CLUSTER =
      new Kind<>("/clusters/", Cluster.class, Cluster::id, id -> path(id.realm(), id.name()));

  public static final Kind<TaskDefinitionId, TaskDefinition> TASK_DEFINITION =
      new Kind<>(
          "/task-definitions/",
          TaskDefinition.class,
          TaskDefinition::id,
          id -> path(id.realm(), id.family() + "/" + id.revision()));

  public static final Kind<FamilyId, Family> FAMILY =
      new Kind<>("/families/", Family.class, Family::id, id -> path(id.realm(), id.name()));

  public static final Kind<TaskId, Task> TASK =
      new Kind<>("/tasks/", Task.class, Task::id, TaskId::value);

  public static final Kind<HostId, Host> HOST =
      new Kind<>("/hosts/", Host.class, Host::id, HostId::value);

  public static final Kind<AccountId, Account> ACCOUNT =
      new Kind<>("/accounts/", Account.class, Account::id, AccountId::value);

  public static final Kind<String, SigningKey> SIGNING_KEY =
      new Kind<>("/signing-keys/", SigningKey.class, SigningKey::accessKeyId, id -> id);

  public static final Kind<RunTokenId, RunToken> RUN_TOKEN =
      new Kind<>(
          "/run-tokens/",
          RunToken.class,
          RunToken::id,
          id -> path(id.cluster().realm(), id.cluster().name() + "/" + id.token()));

  public static final Kind<AccountSetting.Id, AccountSetting> ACCOUNT_SETTING =
      new Kind<>(
          "/account-settings/",
          AccountSetting.class,
          AccountSetting::id,
          id -> path(id.realm(), id.principalArn() + "/" + id.name()));

  public static final Kind<SecretId, Secret> SECRET =
      new Kind<>("/secrets/", Secret.class, Secret::id, id -> path(id.realm(), id.name()));

  public static final Kind<ParameterId, Parameter> PARAMETER =
      new Kind<>("/parameters/", Parameter.class, Parameter::id, id -> path(id.realm(), id.name()));

  private static final List<Kind<?, ?>> OWN =
      List.of(
          CLUSTER,
          TASK_DEFINITION,
          FAMILY,
          TASK,
          HOST,
          ACCOUNT,
          SIGNING_KEY,
          RUN_TOKEN,
          ACCOUNT_SETTING,
          SECRET,
          PARAMETER);

  /** Every kind there is: what is read at start. */
  static List<Kind<?, ?>> all() {
    return Stream.concat(OWN.stream(), NetworkKind.ALL.stream()).toList();
  }

  String storeKey(R entry) {
    return folder + path.apply(key.apply(entry));
  }

  private static String path(Realm realm, String rest) {
    return realm + "/" + rest;
  }

  /** A family's name in its realm. */
  public record FamilyId(Realm realm, String name) {}

  /** How many revisions a family ever had: a number is never given twice. */
  public record Family(FamilyId id, int lastRevision) {}

  /** An account. */
  public record Account(AccountId id, Instant createdAt) {}

  /** A key pair that signs for an account. {@code toString} never shows the secret. */
  public record SigningKey(String accessKeyId, String secretAccessKey, AccountId account) {
    @Override
    public String toString() {
      return "SigningKey[" + accessKeyId + ", account " + account + "]";
    }
  }

  /** A client's token for a RunTask in a cluster. */
  public record RunTokenId(ClusterId cluster, String token) {}

  /**
   * What a token was used for, so that a repeated call starts nothing twice.
   *
   * @param fingerprint of the request: another request must not use the token again
   */
  public record RunToken(RunTokenId id, String fingerprint, List<TaskId> tasks, Instant usedAt) {
    public RunToken {
      tasks = List.copyOf(tasks);
    }
  }
}
