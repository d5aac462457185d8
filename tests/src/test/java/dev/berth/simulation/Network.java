package dev.berth.simulation;

import dev.berth.link.message.ToControl;
import dev.berth.simulation.Trace.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/** Everything that lies between control and the hosts. Each method is one thing that may happen. */
final class Network {
  private static final int REMEMBERED_REPORT_COUNT = 8;

  private final RandomGenerator random;
  private final Trace trace;
  private final Seams seams;
  private final List<Connection> connections = new ArrayList<>();
  private final List<Said> said = new ArrayList<>();
  private int connectionCount;

  /** A report that control has heard already. */
  private record Said(SimulatedHost host, ToControl.Report report) {}

  Network(RandomGenerator random, Trace trace, Seams seams) {
    this.random = random;
    this.trace = trace;
    this.seams = seams;
  }

  void connect(SimulatedHost host, SimulatedControl control) {
    var connection = new Connection(host, control.listener(), ++connectionCount, random);
    connections.add(connection);
    trace.add(Kind.CONNECTED, connection.toString());
    host.connect(connection);
  }

  /** Control hears the next message of some host. */
  boolean deliverToControl(double duplicate) {
    return some(each -> !each.controlOver && !each.busy && !each.up.isEmpty())
        .map(
            connection -> {
              ToControl message = connection.up.getFirst();
              boolean again = connection.helloHeard && random.nextDouble() < duplicate;
              if (again) {
                trace.add(Kind.DUPLICATE, "of the next");
              } else {
                connection.up.removeFirst();
              }
              hear(connection, seams.heard(connection.host, message));
              return true;
            })
        .orElse(false);
  }

  private void hear(Connection connection, ToControl message) {
    trace.add(Kind.TO_CONTROL, connection + ": " + Words.of(message));
    connection.busy = true;
    if (connection.helloHeard) {
      if (message instanceof ToControl.Report report) {
        remember(new Said(connection.host, report));
      }
      connection.listener.received(connection, message);
    } else if (message instanceof ToControl.Hello hello) {
      connection.helloHeard = true;
      connection.listener.connected(connection, hello);
    } else {
      throw new Violation(connection + " does not begin with hello but with " + message);
    }
    connection.busy = false;
  }

  private void remember(Said report) {
    if (said.size() == REMEMBERED_REPORT_COUNT) {
      said.remove(random.nextInt(said.size()));
    }
    said.add(report);
  }

  /** A report that was heard already comes once more, on whatever connection its host has now. */
  boolean replayReport() {
    if (said.isEmpty()) {
      return false;
    }
    Said old = said.get(random.nextInt(said.size()));
    return some(each -> each.host == old.host() && each.helloHeard && !each.broken)
        .map(
            connection -> {
              trace.add(Kind.REPLAYED_REPORT, connection + ": " + Words.of(old.report()));
              connection.up.addLast(old.report());
              return true;
            })
        .orElse(false);
  }

  /** An agent is told the next message, perhaps of a connection that it has given up already. */
  boolean deliverToAgent(double duplicate) {
    return waitingForAgent()
        .map(
            connection -> {
              var message = connection.down.getFirst();
              if (random.nextDouble() < duplicate) {
                trace.add(Kind.DUPLICATE, "of the next");
              } else {
                connection.down.removeFirst();
              }
              trace.add(
                  connection.agentOver ? Kind.LATE_TO_AGENT : Kind.TO_AGENT,
                  connection + ": " + Words.of(message));
              connection.host.receive(connection, seams.told(connection.host, message));
              return true;
            })
        .orElse(false);
  }

  /** Slow connections and those that were given up seldom come first. */
  private Optional<Connection> waitingForAgent() {
    Optional<Connection> any = some(Connection::mayTellAgent);
    if (any.isEmpty() || !any.get().isSlow() || random.nextInt(4) == 0) {
      return any;
    }
    return some(each -> each.mayTellAgent() && !each.isSlow()).or(() -> any);
  }

  boolean breakOne() {
    return some(each -> !each.broken)
        .map(
            connection -> {
              trace.add(Kind.CONNECTION_LOST, connection.toString());
              connection.close();
              return true;
            })
        .orElse(false);
  }

  void breakOf(SimulatedHost host) {
    connections.stream().filter(each -> each.host == host).forEach(Connection::close);
  }

  /** An agent learns that its connection is over, perhaps before everything has come. */
  boolean noticeAtAgent() {
    return some(each -> each.broken && !each.agentOver && (each.stray || each.down.isEmpty()))
        .map(
            connection -> {
              connection.agentOver = true;
              connection.host.disconnect(connection);
              return true;
            })
        .orElse(false);
  }

  /** Control learns that a connection is over. */
  boolean noticeAtControl() {
    return some(each -> each.broken && !each.controlOver && !each.busy && each.up.isEmpty())
        .map(
            connection -> {
              connection.controlOver = true;
              if (connection.helloHeard) {
                connection.listener.disconnected(connection);
              }
              return true;
            })
        .orElse(false);
  }

  void controlKilled() {
    connections.forEach(Connection::controlKilled);
  }

  private Optional<Connection> some(Predicate<Connection> wanted) {
    connections.removeIf(Connection::isOver);
    var found = connections.stream().filter(wanted).toList();
    return found.isEmpty()
        ? Optional.empty()
        : Optional.of(found.get(random.nextInt(found.size())));
  }
}
