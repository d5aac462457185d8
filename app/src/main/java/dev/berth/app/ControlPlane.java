package dev.berth.app;

import dev.berth.control.command.AccountCommands;
import dev.berth.control.command.TaskCommands;
import dev.berth.control.declaration.Unbuilt;
import dev.berth.control.environment.EnvironmentFiles;
import dev.berth.control.environment.ObjectSource;
import dev.berth.control.event.TaskStateChanges;
import dev.berth.control.hosts.HostDirectory;
import dev.berth.control.hosts.LogSink;
import dev.berth.control.network.InterfaceAllocator;
import dev.berth.control.network.NetworkIds;
import dev.berth.control.role.RoleSessions;
import dev.berth.control.rounds.Rounds;
import dev.berth.control.rounds.RoundsLoop;
import dev.berth.control.rounds.Wake;
import dev.berth.control.secret.Parameters;
import dev.berth.control.secret.Secrets;
import dev.berth.control.secret.TaskSecrets;
import dev.berth.control.secret.Vault;
import dev.berth.control.state.Kind;
import dev.berth.control.state.Ledger;
import dev.berth.model.network.Cidr;
import dev.berth.model.signature.AccessKeys;
import dev.berth.store.Store;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/** Everything that decides, over one store. */
record ControlPlane(
    Ledger ledger,
    AccountCommands accounts,
    TaskCommands tasks,
    InterfaceAllocator interfaces,
    HostDirectory hosts,
    TaskStateChanges changes,
    Unbuilt.EnvironmentFiles environmentFiles,
    RoleSessions sessions,
    Secrets secrets,
    Parameters parameters,
    RoundsLoop rounds,
    Wake wake)
    implements AutoCloseable {

  /** Brings the vault, once it is known whether something is sealed already. */
  interface VaultSource {
    Vault open(boolean needed) throws IOException;
  }

  static ControlPlane over(
      Store store,
      LogSink logs,
      TaskCommands.NoCapacity noCapacity,
      Cidr publicPool,
      Rounds.Settings patience,
      Optional<ObjectSource> objects,
      Duration sessionValidity,
      VaultSource vaults)
      throws IOException {
    var clock = InstantSource.system();
    var random = new SecureRandom();
    var ledger = Ledger.open(store, "process " + ProcessHandle.current().pid());
    boolean sealed =
        !ledger.state().all(Kind.SECRET).isEmpty() || !ledger.state().all(Kind.PARAMETER).isEmpty();
    Vault vault = vaults.open(sealed);
    var wake = new Wake();
    var changes = new TaskStateChanges(clock);
    ledger.listen(changes::note);
    var secrets = new Secrets(vault);
    var parameters = new Parameters(vault);
    var sessions = new RoleSessions(vault, random, sessionValidity);
    var hosts =
        new HostDirectory(
            ledger,
            clock,
            wake::call,
            logs,
            Optional.of(new TaskSecrets(secrets, parameters)),
            objects.map(EnvironmentFiles::new),
            Optional.of(sessions));
    var files =
        objects.isPresent()
            ? Unbuilt.EnvironmentFiles.FROM_S3
            : Unbuilt.EnvironmentFiles.UNREACHABLE;
    var rounds = new Rounds(ledger, hosts, clock, patience);
    return new ControlPlane(
        ledger,
        new AccountCommands(ledger, clock, random),
        new TaskCommands(ledger, clock, random, noCapacity, publicPool, files),
        new InterfaceAllocator(new NetworkIds(random), publicPool),
        hosts,
        changes,
        files,
        sessions,
        secrets,
        parameters,
        RoundsLoop.start(rounds, wake, clock),
        wake);
  }

  /** Everyone who may sign. */
  AccessKeys keys() {
    return (id, token) ->
        id.startsWith(RoleSessions.ID_PREFIX) ? sessions.find(id, token) : accounts.find(id, token);
  }

  @Override
  public void close() {
    rounds.close();
  }
}
