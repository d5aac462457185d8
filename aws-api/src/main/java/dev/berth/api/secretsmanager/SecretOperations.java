package dev.berth.api.secretsmanager;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.berth.api.gateway.CallContext;
import dev.berth.api.gateway.Operation;
import dev.berth.api.gateway.ServiceBinding;
import dev.berth.control.command.Refused;
import dev.berth.control.command.Tags;
import dev.berth.control.query.Page;
import dev.berth.control.secret.SecretCommands;
import dev.berth.control.secret.SecretCommands.Changed;
import dev.berth.control.secret.SecretRefused;
import dev.berth.control.secret.SecretValue;
import dev.berth.control.secret.Secrets;
import dev.berth.control.state.Kind;
import dev.berth.control.state.Ledger;
import dev.berth.model.secret.Secret;
import dev.berth.model.secret.SecretVersion;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.secretsmanager.model.CreateSecretRequest;
import software.amazon.awssdk.services.secretsmanager.model.CreateSecretResponse;
import software.amazon.awssdk.services.secretsmanager.model.DeleteSecretRequest;
import software.amazon.awssdk.services.secretsmanager.model.DeleteSecretResponse;
import software.amazon.awssdk.services.secretsmanager.model.DescribeSecretRequest;
import software.amazon.awssdk.services.secretsmanager.model.DescribeSecretResponse;
import software.amazon.awssdk.services.secretsmanager.model.GetResourcePolicyRequest;
import software.amazon.awssdk.services.secretsmanager.model.GetResourcePolicyResponse;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueRequest;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueResponse;
import software.amazon.awssdk.services.secretsmanager.model.ListSecretVersionIdsRequest;
import software.amazon.awssdk.services.secretsmanager.model.ListSecretVersionIdsResponse;
import software.amazon.awssdk.services.secretsmanager.model.ListSecretsRequest;
import software.amazon.awssdk.services.secretsmanager.model.ListSecretsResponse;
import software.amazon.awssdk.services.secretsmanager.model.PutSecretValueRequest;
import software.amazon.awssdk.services.secretsmanager.model.PutSecretValueResponse;
import software.amazon.awssdk.services.secretsmanager.model.RestoreSecretRequest;
import software.amazon.awssdk.services.secretsmanager.model.RestoreSecretResponse;
import software.amazon.awssdk.services.secretsmanager.model.Tag;
import software.amazon.awssdk.services.secretsmanager.model.TagResourceRequest;
import software.amazon.awssdk.services.secretsmanager.model.TagResourceResponse;
import software.amazon.awssdk.services.secretsmanager.model.UntagResourceRequest;
import software.amazon.awssdk.services.secretsmanager.model.UntagResourceResponse;
import software.amazon.awssdk.services.secretsmanager.model.UpdateSecretRequest;
import software.amazon.awssdk.services.secretsmanager.model.UpdateSecretResponse;
import software.amazon.awssdk.services.secretsmanager.model.UpdateSecretVersionStageRequest;
import software.amazon.awssdk.services.secretsmanager.model.UpdateSecretVersionStageResponse;

/** Secrets Manager's operations, but for rotation, replicas and resource policies. */
public final class SecretOperations {
  private static final int PAGE_SIZE_MAX = 100;

  private final Ledger ledger;
  private final Secrets secrets;
  private final SecretCommands commands;

  public SecretOperations(Ledger ledger, Secrets secrets, SecretCommands commands) {
    this.ledger = ledger;
    this.secrets = secrets;
    this.commands = commands;
  }

  /** The service, ready to be served. */
  public ServiceBinding binding() {
    return ServiceBinding.of("secretsmanager")
        .on(CreateSecretRequest.class, refusable(this::create))
        .on(DescribeSecretRequest.class, refusable(this::describe))
        .on(GetSecretValueRequest.class, refusable(this::value))
        .on(PutSecretValueRequest.class, refusable(this::put))
        .on(UpdateSecretRequest.class, refusable(this::update))
        .on(DeleteSecretRequest.class, refusable(this::delete))
        .on(RestoreSecretRequest.class, refusable(this::restore))
        .on(ListSecretsRequest.class, refusable(this::list))
        .on(ListSecretVersionIdsRequest.class, refusable(this::versions))
        .on(UpdateSecretVersionStageRequest.class, refusable(this::moveStage))
        .on(TagResourceRequest.class, refusable(this::tag))
        .on(UntagResourceRequest.class, refusable(this::untag))
        .on(GetResourcePolicyRequest.class, refusable(this::policy))
        .build();
  }

  private interface Refusable<I, O> {
    O call(CallContext context, I request) throws SecretRefused;
  }

  private static <I, O> Operation<I, O> refusable(Refusable<I, O> operation) {
    return (context, request) -> {
      try {
        return operation.call(context, request);
      } catch (SecretRefused refused) {
        throw SecretErrors.of(refused);
      }
    };
  }

  private CreateSecretResponse create(CallContext context, CreateSecretRequest request)
      throws SecretRefused {
    if (!request.addReplicaRegions().isEmpty()) {
      throw SecretErrors.invalid("AddReplicaRegions: Berth does not replicate secrets.");
    }
    Changed made =
        commands.create(
            context.realm(),
            request.name(),
            new SecretCommands.Wish(
                token(request.clientRequestToken()),
                Optional.ofNullable(request.description()),
                Optional.ofNullable(request.kmsKeyId()),
                SecretShapes.value(request.secretString(), request.secretBinary())),
            tags(request.tags()),
            context.now());
    return CreateSecretResponse.builder()
        .arn(made.secret().arn().toString())
        .name(made.secret().id().name())
        .versionId(made.versionId().orElse(null))
        .build();
  }

  private DescribeSecretResponse describe(CallContext context, DescribeSecretRequest request)
      throws SecretRefused {
    return SecretShapes.description(find(context, request.secretId()));
  }

  private GetSecretValueResponse value(CallContext context, GetSecretValueRequest request)
      throws SecretRefused {
    Secrets.Opened opened =
        secrets.open(
            ledger.state(),
            context.realm(),
            request.secretId(),
            Optional.ofNullable(request.versionId()),
            Optional.ofNullable(request.versionStage()),
            context.now());
    SecretValue value = opened.value();
    var answer =
        GetSecretValueResponse.builder()
            .arn(opened.secret().arn().toString())
            .name(opened.secret().id().name())
            .versionId(opened.version().id())
            .versionStages(opened.version().stages())
            .createdDate(opened.version().createdAt());
    return (value.binary()
            ? answer.secretBinary(SdkBytes.fromByteArray(value.bytes()))
            : answer.secretString(new String(value.bytes(), UTF_8)))
        .build();
  }

  private PutSecretValueResponse put(CallContext context, PutSecretValueRequest request)
      throws SecretRefused {
    String token = token(request.clientRequestToken());
    SecretValue value =
        SecretShapes.value(request.secretString(), request.secretBinary())
            .orElseThrow(
                () ->
                    SecretErrors.invalid("You must provide either SecretString or SecretBinary."));
    Secret secret =
        commands
            .put(
                context.realm(),
                request.secretId(),
                token,
                value,
                request.versionStages(),
                context.now())
            .secret();
    return PutSecretValueResponse.builder()
        .arn(secret.arn().toString())
        .name(secret.id().name())
        .versionId(token)
        .versionStages(secret.version(token).map(SecretVersion::stages).orElse(List.of()))
        .build();
  }

  private UpdateSecretResponse update(CallContext context, UpdateSecretRequest request)
      throws SecretRefused {
    Changed changed =
        commands.update(
            context.realm(),
            request.secretId(),
            new SecretCommands.Wish(
                token(request.clientRequestToken()),
                Optional.ofNullable(request.description()),
                Optional.ofNullable(request.kmsKeyId()),
                SecretShapes.value(request.secretString(), request.secretBinary())),
            context.now());
    return UpdateSecretResponse.builder()
        .arn(changed.secret().arn().toString())
        .name(changed.secret().id().name())
        .versionId(changed.versionId().orElse(null))
        .build();
  }

  private DeleteSecretResponse delete(CallContext context, DeleteSecretRequest request)
      throws SecretRefused {
    boolean force = Boolean.TRUE.equals(request.forceDeleteWithoutRecovery());
    Long days = request.recoveryWindowInDays();
    try {
      Secret deleted =
          commands.delete(
              context.realm(),
              request.secretId(),
              days == null
                  ? OptionalInt.empty()
                  : OptionalInt.of(Math.clamp(days, 0, Short.MAX_VALUE)),
              force,
              context.now());
      return DeleteSecretResponse.builder()
          .arn(deleted.arn().toString())
          .name(deleted.id().name())
          .deletionDate(deleted.deletesAt().orElse(null))
          .build();
    } catch (SecretRefused refused) {
      if (force && refused.why() == SecretRefused.Why.NOT_FOUND) {
        // As on AWS, it is enough that it is not there.
        return DeleteSecretResponse.builder()
            .name(request.secretId())
            .deletionDate(context.now())
            .build();
      }
      throw refused;
    }
  }

  private RestoreSecretResponse restore(CallContext context, RestoreSecretRequest request)
      throws SecretRefused {
    Secret secret = commands.restore(context.realm(), request.secretId(), context.now());
    return RestoreSecretResponse.builder()
        .arn(secret.arn().toString())
        .name(secret.id().name())
        .build();
  }

  private ListSecretsResponse list(CallContext context, ListSecretsRequest request)
      throws SecretRefused {
    boolean deletedToo = Boolean.TRUE.equals(request.includePlannedDeletion());
    boolean descending = "desc".equals(request.sortOrderAsString());
    Stream<Secret> wanted =
        ledger.state().all(Kind.SECRET).stream()
            .filter(secret -> secret.id().realm().equals(context.realm()))
            .filter(secret -> !secret.isGoneAt(context.now()))
            .filter(secret -> deletedToo || !secret.isDeleted())
            .filter(secret -> SecretListing.suits(secret, request.filters()));
    Page<Secret> page =
        page(
            wanted,
            secret -> secret.createdAt() + " " + secret.id().name(),
            request.maxResults(),
            request.nextToken(),
            descending);
    return ListSecretsResponse.builder()
        .secretList(page.items().stream().map(SecretShapes::entry).toList())
        .nextToken(page.nextToken().orElse(null))
        .build();
  }

  private ListSecretVersionIdsResponse versions(
      CallContext context, ListSecretVersionIdsRequest request) throws SecretRefused {
    Secret secret = find(context, request.secretId());
    boolean deprecatedToo = Boolean.TRUE.equals(request.includeDeprecated());
    Page<SecretVersion> page =
        page(
            secret.versions().stream()
                .filter(version -> deprecatedToo || !version.stages().isEmpty()),
            version -> version.createdAt() + " " + version.id(),
            request.maxResults(),
            request.nextToken(),
            false);
    return ListSecretVersionIdsResponse.builder()
        .arn(secret.arn().toString())
        .name(secret.id().name())
        .versions(page.items().stream().map(SecretShapes::entry).toList())
        .nextToken(page.nextToken().orElse(null))
        .build();
  }

  private UpdateSecretVersionStageResponse moveStage(
      CallContext context, UpdateSecretVersionStageRequest request) throws SecretRefused {
    Secret secret =
        commands.moveStage(
            context.realm(),
            request.secretId(),
            request.versionStage(),
            Optional.ofNullable(request.removeFromVersionId()),
            Optional.ofNullable(request.moveToVersionId()),
            context.now());
    return UpdateSecretVersionStageResponse.builder()
        .arn(secret.arn().toString())
        .name(secret.id().name())
        .build();
  }

  private TagResourceResponse tag(CallContext context, TagResourceRequest request)
      throws SecretRefused {
    commands.tag(context.realm(), request.secretId(), tags(request.tags()), context.now());
    return TagResourceResponse.builder().build();
  }

  private UntagResourceResponse untag(CallContext context, UntagResourceRequest request)
      throws SecretRefused {
    commands.untag(context.realm(), request.secretId(), request.tagKeys(), context.now());
    return UntagResourceResponse.builder().build();
  }

  /** No secret here has a policy, which AWS answers by leaving it out. */
  private GetResourcePolicyResponse policy(CallContext context, GetResourcePolicyRequest request)
      throws SecretRefused {
    Secret secret = find(context, request.secretId());
    return GetResourcePolicyResponse.builder()
        .arn(secret.arn().toString())
        .name(secret.id().name())
        .build();
  }

  private Secret find(CallContext context, String reference) throws SecretRefused {
    return Secrets.find(ledger.state(), context.realm(), reference, context.now());
  }

  /** Clients send one; whoever does not gets a version id of its own. */
  private static String token(@Nullable String sent) {
    return sent == null || sent.isEmpty() ? UUID.randomUUID().toString() : sent;
  }

  private static Map<String, String> tags(List<Tag> tags) {
    try {
      return Tags.byKey(
          tags.stream()
              .map(
                  tag ->
                      new Tags.Tag(
                          Optional.ofNullable(tag.key()).orElse(""),
                          Optional.ofNullable(tag.value()).orElse("")))
              .toList());
    } catch (Refused refused) {
      throw SecretErrors.invalid(refused.refusal().message());
    }
  }

  private static <T> Page<T> page(
      Stream<T> all,
      Function<T, String> sortKey,
      @Nullable Integer sizeMax,
      @Nullable String token,
      boolean descending) {
    try {
      return Page.of(
          all,
          sortKey,
          new Page.Request(
              sizeMax == null ? OptionalInt.empty() : OptionalInt.of(sizeMax),
              Optional.ofNullable(token).filter(text -> !text.isEmpty()),
              descending),
          PAGE_SIZE_MAX);
    } catch (Refused refused) {
      throw SecretErrors.invalid(refused.refusal().message());
    }
  }
}
