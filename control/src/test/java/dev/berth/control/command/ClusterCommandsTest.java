package dev.berth.control.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.control.state.Kind;
import dev.berth.control.state.Ledger;
import dev.berth.model.cluster.Cluster;
import dev.berth.model.cluster.ClusterId;
import dev.berth.model.identity.AccountId;
import dev.berth.model.identity.Realm;
import dev.berth.model.identity.Region;
import dev.berth.store.memory.MemoryStore;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ClusterCommandsTest {
  private static final Realm REALM =
      new Realm(new AccountId("123456789012"), new Region("eu-west-1"));
  private static final ClusterId WEB = new ClusterId(REALM, "web");

  private final Ledger ledger = Ledger.open(new MemoryStore(), "test");
  private final ClusterCommands clusters = new ClusterCommands(ledger);

  @Test
  void creatingAClusterTwiceChangesNothing() throws Refused {
    var first = clusters.create(Cluster.named(WEB).withTags(Map.of("team", "a")));

    assertThat(clusters.create(Cluster.named(WEB))).isEqualTo(first);
    assertThat(ledger.state().find(Kind.CLUSTER, WEB)).contains(first);
  }

  @Test
  void aDeletedClusterStaysAsInactiveAndMayComeBack() throws Refused {
    clusters.create(Cluster.named(WEB));

    assertThat(clusters.delete(WEB).active()).isFalse();
    assertThat(ledger.state().find(Kind.CLUSTER, WEB)).map(Cluster::active).contains(false);
    assertThatThrownBy(() -> clusters.delete(WEB))
        .isInstanceOfSatisfying(
            Refused.class,
            refused -> assertThat(refused.refusal()).isInstanceOf(Refusal.ClusterInactive.class));
    assertThat(clusters.create(Cluster.named(WEB)).active()).isTrue();
  }

  @Test
  void theDefaultClusterComesToBeAtFirstUseAndNoOtherDoes() throws Refused {
    var id = ClusterCommands.named(REALM, Optional.empty());

    ledger.decide(draft -> ClusterCommands.forUse(draft, id));

    assertThat(ledger.state().find(Kind.CLUSTER, id)).map(c -> c.id().name()).contains("default");
    assertThatThrownBy(() -> ledger.decide(draft -> ClusterCommands.forUse(draft, WEB)))
        .isInstanceOf(Refused.class)
        .hasMessage("Cluster not found.");
  }

  @Test
  void aClusterIsMeantByNameOrByItsOwnArn() throws Refused {
    assertThat(ClusterCommands.named(REALM, Optional.of("web"))).isEqualTo(WEB);
    assertThat(ClusterCommands.named(REALM, Optional.of(WEB.arn().toString()))).isEqualTo(WEB);
  }

  @Test
  void anotherAccountsClusterIsNotFoundAndNonsenseIsInvalid() {
    var theirs =
        new ClusterId(new Realm(new AccountId("999999999999"), REALM.region()), "web").arn();

    assertThatThrownBy(() -> ClusterCommands.named(REALM, Optional.of(theirs.toString())))
        .hasMessage("Cluster not found.");
    assertThatThrownBy(() -> ClusterCommands.named(REALM, Optional.of("no name")))
        .hasMessageContaining("'no name'");
  }
}
