package dev.berth.control.hosts;

import dev.berth.control.role.RoleSessions;
import dev.berth.control.state.Kind;
import dev.berth.control.state.Ledger;
import dev.berth.link.message.ToAgent;
import dev.berth.link.message.ToControl;
import dev.berth.model.host.HostId;
import java.time.InstantSource;
import java.util.Optional;

/** Gives hosts the credentials of their tasks' roles; of their own tasks alone. */
final class CredentialAnswers {
  private final Ledger ledger;
  private final InstantSource clock;
  private final Optional<RoleSessions> sessions;

  CredentialAnswers(Ledger ledger, InstantSource clock, Optional<RoleSessions> sessions) {
    this.ledger = ledger;
    this.clock = clock;
    this.sessions = sessions;
  }

  /** Nothing for a task that is not of this host, or has no role: only a host in error asks so. */
  Optional<ToAgent.Credentials> answer(
      HostId host, long generation, ToControl.AskCredentials question) {
    return ledger
        .state()
        .find(Kind.TASK, question.task())
        .filter(each -> each.state().holder().equals(Optional.of(host)))
        .flatMap(task -> task.spec().role())
        .flatMap(
            role ->
                sessions.map(
                    issuer ->
                        new ToAgent.Credentials(
                            generation,
                            question.task(),
                            issuer.issue(role.arn(), question.task(), clock.instant()))));
  }
}
