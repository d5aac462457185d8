package dev.berth.control.command;

import dev.berth.control.state.Draft;
import dev.berth.control.state.Kind;
import dev.berth.control.state.Kind.Account;
import dev.berth.control.state.Kind.SigningKey;
import dev.berth.control.state.Ledger;
import dev.berth.model.identity.AccountId;
import dev.berth.model.signature.AccessKey;
import dev.berth.model.signature.AccessKeyLetters;
import dev.berth.model.signature.AccessKeys;
import dev.berth.model.signature.Credentials;
import dev.berth.model.signature.Principal;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Accounts and the keys that sign for them. */
public final class AccountCommands implements AccessKeys {
  private static final String ID_PREFIX = "AKIA";
  private static final long ACCOUNT_BOUND = 1_000_000_000_000L;

  private final Ledger ledger;
  private final InstantSource clock;
  private final RandomGenerator secrets;
  private final AccessKeyLetters letters;

  /**
   * @param secrets must not be predictable
   */
  public AccountCommands(Ledger ledger, InstantSource clock, RandomGenerator secrets) {
    this.ledger = ledger;
    this.clock = clock;
    this.secrets = secrets;
    this.letters = new AccessKeyLetters(secrets);
  }

  /** The operator's account and key, made if there is none yet. */
  public SigningKey first(AccountId account) {
    return ledger.decide(
        draft ->
            draft.state().all(Kind.SIGNING_KEY).stream()
                .filter(key -> key.account().equals(account))
                .min(Comparator.comparing(SigningKey::accessKeyId))
                .orElseGet(() -> made(draft, account)));
  }

  /** A new account with a key; one of a random number when none is named. */
  public SigningKey create(Optional<AccountId> wanted) throws Refused {
    return ledger.decide(
        draft -> {
          AccountId account = wanted.orElseGet(() -> free(draft));
          if (draft.find(Kind.ACCOUNT, account).isPresent()) {
            throw new Refused(
                new Refusal.InvalidParameter("account " + account + " exists already"));
          }
          return made(draft, account);
        });
  }

  @Override
  public Optional<AccessKey> find(String accessKeyId, String sessionToken) {
    return ledger.state().find(Kind.SIGNING_KEY, accessKeyId).map(AccountCommands::accessKey);
  }

  private static AccessKey accessKey(SigningKey key) {
    String account = key.account().value();
    return new AccessKey(
        new Credentials(key.accessKeyId(), key.secretAccessKey()), new Principal.Root(account));
  }

  private SigningKey made(Draft draft, AccountId account) {
    if (draft.find(Kind.ACCOUNT, account).isEmpty()) {
      draft.put(Kind.ACCOUNT, new Account(account, clock.instant()));
    }
    var key = new SigningKey(letters.id(ID_PREFIX), letters.secret(), account);
    draft.put(Kind.SIGNING_KEY, key);
    return key;
  }

  private AccountId free(Draft draft) {
    while (true) {
      var account = new AccountId("%012d".formatted(secrets.nextLong(1, ACCOUNT_BOUND)));
      if (draft.find(Kind.ACCOUNT, account).isEmpty()) {
        return account;
      }
    }
  }
}
