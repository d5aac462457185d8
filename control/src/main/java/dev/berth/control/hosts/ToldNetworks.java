package dev.berth.control.hosts;

import dev.berth.control.network.VpcPlanCompiler;
import dev.berth.control.state.State;
import dev.berth.control.state.VpcInterfaces;
import dev.berth.link.message.ToAgent;
import dev.berth.link.stream.HostSession;
import dev.berth.model.network.MemberChange;
import dev.berth.model.network.VpcId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What one connection was told of each VPC: at first the whole plan, then, where interfaces alone
 * have changed, only those. Not safe for threads: its owner holds the session's lock.
 */
final class ToldNetworks {
  private final long generation;
  private final HostSession session;

  /** The revision up to which a VPC was told. */
  private final Map<VpcId, Long> told = new HashMap<>();

  ToldNetworks(long generation, HostSession session) {
    this.generation = generation;
    this.session = session;
  }

  /** Brings the host up to date with every VPC that it was ever told of. */
  void update(State state) {
    List.copyOf(told.keySet()).forEach(vpc -> tell(state, vpc));
  }

  /** Brings the host up to date with a VPC. */
  void tell(State state, VpcId vpc) {
    VpcInterfaces now = state.networks().in(vpc);
    Long before = told.get(vpc);
    if (before != null && before >= now.revision()) {
      return;
    }
    Optional<MemberChange> change =
        before == null ? Optional.empty() : VpcPlanCompiler.since(now, vpc, before);
    if (change.isPresent()) {
      session.send(new ToAgent.Members(generation, change.get()));
    } else {
      VpcPlanCompiler.compile(state, vpc)
          .ifPresent(plan -> session.send(new ToAgent.Network(generation, plan)));
    }
    told.put(vpc, now.revision());
  }
}
