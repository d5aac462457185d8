package dev.berth.control.command;

import dev.berth.control.state.Kind;
import dev.berth.control.state.Ledger;
import dev.berth.model.account.AccountSetting;
import dev.berth.model.identity.Arn;

/** Account settings: chosen, and given back to what holds for everyone. */
public final class SettingCommands {
  /** IAM's own bound on an ARN is below it; it becomes part of a key. */
  private static final int PRINCIPAL_LENGTH_MAX = 512;

  private final Ledger ledger;

  public SettingCommands(Ledger ledger) {
    this.ledger = ledger;
  }

  /** Chooses for a principal, or for the whole account where that is its root. */
  public AccountSetting put(AccountSetting setting) throws Refused {
    SettingRules.check(setting.id().name(), setting.value());
    checkPrincipal(setting.id());
    return ledger.decide(
        draft -> {
          draft.put(Kind.ACCOUNT_SETTING, setting);
          return setting;
        });
  }

  /** Takes a choice back; one that is not there is no failure. */
  public void delete(AccountSetting.Id id) throws Refused {
    SettingRules.usual(id.name());
    checkPrincipal(id);
    ledger.decide(
        draft -> {
          draft.remove(Kind.ACCOUNT_SETTING, id);
          return id;
        });
  }

  private static void checkPrincipal(AccountSetting.Id id) throws Refused {
    boolean ours =
        Arn.parse(id.principalArn())
            .filter(_ -> id.principalArn().length() <= PRINCIPAL_LENGTH_MAX)
            .filter(arn -> arn.account().equals(id.realm().account().value()))
            .isPresent();
    if (!ours) {
      throw new Refused(
          new Refusal.InvalidParameter(
              "Invalid principalArn: it is not the ARN of a principal of this account."));
    }
  }
}
