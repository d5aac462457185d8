package dev.berth.control.command;

import dev.berth.model.Declared;
import dev.berth.model.identity.Realm;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** RunTask with what it must have and little else. */
public final class Wishes {
  private Wishes() {}

  /** One task of a definition. */
  public static RunTask of(Realm realm, String definition, Instant now) {
    return of(realm, definition, Declared.NOTHING, Optional.empty(), now);
  }

  /** One task of a definition, changed or with the client's token. */
  public static RunTask of(
      Realm realm, String definition, Declared overrides, Optional<String> token, Instant now) {
    return new RunTask(
        realm,
        Optional.empty(),
        definition,
        1,
        Optional.empty(),
        List.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        token,
        Declared.NOTHING,
        overrides,
        Map.of(),
        false,
        false,
        now);
  }
}
