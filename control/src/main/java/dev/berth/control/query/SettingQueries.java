package dev.berth.control.query;

import dev.berth.control.command.Refused;
import dev.berth.control.command.SettingRules;
import dev.berth.control.state.Kind;
import dev.berth.control.state.Ledger;
import dev.berth.control.state.State;
import dev.berth.model.account.AccountSetting;
import dev.berth.model.identity.Realm;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Account settings: a principal's own, else the account's, else the usual ones. */
public final class SettingQueries {
  private static final int PAGE_SIZE_MAX = 10;

  private final Ledger ledger;

  public SettingQueries(Ledger ledger) {
    this.ledger = ledger;
  }

  /** What holds for a principal. */
  public String effective(Realm realm, String principalArn, String name) throws Refused {
    return effective(ledger.state(), realm, principalArn, name).value();
  }

  /**
   * Which settings are asked for.
   *
   * @param effective what holds, instead of what the principal chose
   */
  public record Filter(
      String principalArn, boolean effective, Optional<String> name, Optional<String> value) {}

  /** Settings by name, each with whose choice it is. */
  public Page<AccountSetting> list(Realm realm, Filter filter, Page.Request request)
      throws Refused {
    State state = ledger.state();
    var settings = new ArrayList<AccountSetting>();
    for (String name : SettingRules.names()) {
      if (filter.effective()) {
        settings.add(effective(state, realm, filter.principalArn(), name));
      } else {
        chosen(state, realm, filter.principalArn(), name).ifPresent(settings::add);
      }
    }
    List<AccountSetting> asked =
        settings.stream()
            .filter(it -> filter.name().isEmpty() || filter.name().get().equals(it.id().name()))
            .filter(it -> filter.value().isEmpty() || filter.value().get().equals(it.value()))
            .toList();
    // AWS shows at most ten at once, but all of them to who names no number.
    int limit = request.sizeMax().isPresent() ? PAGE_SIZE_MAX : SettingRules.names().size();
    return Page.of(asked.stream(), it -> it.id().name(), request, limit);
  }

  private static AccountSetting effective(
      State state, Realm realm, String principalArn, String name) throws Refused {
    String root = AccountSetting.rootArn(realm);
    Optional<AccountSetting> chosen =
        chosen(state, realm, principalArn, name).or(() -> chosen(state, realm, root, name));
    return chosen.isPresent()
        ? chosen.get()
        : new AccountSetting(new AccountSetting.Id(realm, root, name), SettingRules.usual(name));
  }

  private static Optional<AccountSetting> chosen(
      State state, Realm realm, String principalArn, String name) {
    return state.find(Kind.ACCOUNT_SETTING, new AccountSetting.Id(realm, principalArn, name));
  }
}
