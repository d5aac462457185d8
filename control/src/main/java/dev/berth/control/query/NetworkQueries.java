package dev.berth.control.query;

import dev.berth.control.network.StandardNetwork;
import dev.berth.control.state.Ledger;
import dev.berth.model.identity.Realm;
import java.time.InstantSource;

/** Networks: looked at as a whole, one realm at a time. */
public final class NetworkQueries {
  private final Ledger ledger;
  private final StandardNetwork standard;
  private final InstantSource clock;

  public NetworkQueries(Ledger ledger, StandardNetwork standard, InstantSource clock) {
    this.ledger = ledger;
    this.standard = standard;
    this.clock = clock;
  }

  /** A realm's networks as they are now. The first look makes its default VPC. */
  public NetworkView of(Realm realm) {
    if (!StandardNetwork.isThere(ledger.state(), realm)) {
      ledger.decide(
          draft -> {
            standard.prepare(draft, realm, clock.instant());
            return realm;
          });
    }
    return new NetworkView(ledger.state(), realm);
  }
}
