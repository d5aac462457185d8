package dev.berth.api.ecs;

import dev.berth.api.gateway.CallContext;
import dev.berth.control.command.Refused;
import dev.berth.control.command.SettingCommands;
import dev.berth.control.query.Page;
import dev.berth.control.query.SettingQueries;
import dev.berth.model.account.AccountSetting;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.DeleteAccountSettingRequest;
import software.amazon.awssdk.services.ecs.model.DeleteAccountSettingResponse;
import software.amazon.awssdk.services.ecs.model.ListAccountSettingsRequest;
import software.amazon.awssdk.services.ecs.model.ListAccountSettingsResponse;
import software.amazon.awssdk.services.ecs.model.PutAccountSettingDefaultRequest;
import software.amazon.awssdk.services.ecs.model.PutAccountSettingDefaultResponse;
import software.amazon.awssdk.services.ecs.model.PutAccountSettingRequest;
import software.amazon.awssdk.services.ecs.model.PutAccountSettingResponse;
import software.amazon.awssdk.services.ecs.model.Setting;
import software.amazon.awssdk.services.ecs.model.SettingType;

/** Account settings over ECS's shapes. */
public final class SettingOperations implements EcsOperations.Group {
  private final SettingCommands commands;
  private final SettingQueries queries;

  public SettingOperations(SettingCommands commands, SettingQueries queries) {
    this.commands = commands;
    this.queries = queries;
  }

  @Override
  public void addTo(EcsOperations operations) {
    operations
        .on(PutAccountSettingRequest.class, this::put)
        .on(PutAccountSettingDefaultRequest.class, this::putDefault)
        .on(ListAccountSettingsRequest.class, this::list)
        .on(DeleteAccountSettingRequest.class, this::delete);
  }

  private PutAccountSettingResponse put(CallContext context, PutAccountSettingRequest request)
      throws Refused {
    var id = id(context, request.principalArn(), request.nameAsString());
    return PutAccountSettingResponse.builder()
        .setting(shape(commands.put(new AccountSetting(id, request.value()))))
        .build();
  }

  private PutAccountSettingDefaultResponse putDefault(
      CallContext context, PutAccountSettingDefaultRequest request) throws Refused {
    var id = id(context, AccountSetting.rootArn(context.realm()), request.nameAsString());
    return PutAccountSettingDefaultResponse.builder()
        .setting(shape(commands.put(new AccountSetting(id, request.value()))))
        .build();
  }

  private ListAccountSettingsResponse list(CallContext context, ListAccountSettingsRequest request)
      throws Refused {
    var filter =
        new SettingQueries.Filter(
            principal(context, request.principalArn()),
            Boolean.TRUE.equals(request.effectiveSettings()),
            Optional.ofNullable(request.nameAsString()),
            Optional.ofNullable(request.value()));
    Page.Request asked = EcsPages.request(request.maxResults(), request.nextToken());
    // To a plain int of the model, nothing is zero.
    boolean unbounded = asked.sizeMax().orElse(0) == 0;
    Page<AccountSetting> page =
        queries.list(
            context.realm(),
            filter,
            unbounded ? Page.Request.of(OptionalInt.empty(), asked.token()) : asked);
    return ListAccountSettingsResponse.builder()
        .settings(page.items().stream().map(SettingOperations::shape).toList())
        .nextToken(page.nextToken().orElse(null))
        .build();
  }

  private DeleteAccountSettingResponse delete(
      CallContext context, DeleteAccountSettingRequest request) throws Refused {
    var id = id(context, request.principalArn(), request.nameAsString());
    commands.delete(id);
    String value = queries.effective(id.realm(), id.principalArn(), id.name());
    return DeleteAccountSettingResponse.builder()
        .setting(shape(new AccountSetting(id, value)))
        .build();
  }

  private static AccountSetting.Id id(
      CallContext context, @Nullable String principalArn, String name) {
    return new AccountSetting.Id(context.realm(), principal(context, principalArn), name);
  }

  private static String principal(CallContext context, @Nullable String principalArn) {
    return principalArn == null ? context.principal().arn() : principalArn;
  }

  private static Setting shape(AccountSetting setting) {
    return Setting.builder()
        .name(setting.id().name())
        .value(setting.value())
        .principalArn(setting.id().principalArn())
        .type(
            setting.id().name().equals("guardDutyActivate")
                ? SettingType.AWS_MANAGED
                : SettingType.USER)
        .build();
  }
}
