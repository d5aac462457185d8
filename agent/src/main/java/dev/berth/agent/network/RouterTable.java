package dev.berth.agent.network;

import dev.berth.agent.linux.PacketFilter;
import dev.berth.agent.linux.SetTransaction;
import dev.berth.agent.network.rules.Attachment;
import dev.berth.agent.network.rules.ElementBytes;
import dev.berth.agent.network.rules.RuleSet;
import dev.berth.agent.network.rules.RuleSet.Element;
import dev.berth.agent.network.rules.VpcRules;
import java.io.IOException;
import java.util.List;
import java.util.TreeMap;

/**
 * The table of one router, and what this process knows of it: while it knows all, a change is told
 * to the kernel as what differs. One thread at a time.
 */
final class RouterTable {
  private final PacketFilter filter;
  private SetTransaction changes = transaction();
  private RuleSet table = new RuleSet(VpcRules.TABLE, new TreeMap<>(), new TreeMap<>());
  private boolean known;
  private int generation;

  RouterTable(PacketFilter filter) {
    this.filter = filter;
  }

  /** Whether the kernel has what this process last told it. */
  boolean isKnown() {
    return known;
  }

  /** Whether one more interface of these groups is a few elements. */
  boolean hasChainsOf(Attachment attachment) {
    return known && VpcRules.hasChains(table, attachment);
  }

  /** Whether somebody else changed what is in the kernel, or it is not known. */
  boolean wasChanged() throws IOException {
    return filter.generation() != generation;
  }

  /** Makes it this table in one transaction: of an unknown one all is replaced. */
  void become(RuleSet next) throws IOException {
    if (!changes.isEmpty()) {
      changes = transaction();
      known = false; // The table here has elements that the kernel was not told of.
    }
    var script = known ? next.since(table) : next.whole();
    table = next;
    if (!script.isEmpty()) {
      tell(() -> filter.run(script));
    }
  }

  /** Puts all of it in place in one transaction, whatever the kernel has. */
  void replace(RuleSet next) throws IOException {
    known = false;
    become(next);
  }

  /** Adds those that are not there, with the next {@link #commit}. */
  void add(List<Element> elements) {
    for (var element : table.adding(elements)) {
      var key = ElementBytes.of(element.key());
      var chain = ElementBytes.chain(element.value());
      if (chain.isPresent()) {
        changes.addGoto(element.set(), key, chain.get());
      } else if (element.value().isEmpty()) {
        changes.add(element.set(), key);
      } else {
        changes.add(element.set(), key, ElementBytes.of(element.value()));
      }
    }
  }

  /** Removes those that are there, with the next {@link #commit}. */
  void remove(List<Element> elements) {
    for (var element : table.removing(elements)) {
      changes.remove(element.set(), ElementBytes.of(element.key()));
    }
  }

  /** One transaction of all that was added and removed. */
  void commit() throws IOException {
    var transaction = changes;
    changes = transaction();
    if (!transaction.isEmpty()) {
      tell(() -> filter.run(transaction));
    }
  }

  private static SetTransaction transaction() {
    return new SetTransaction(VpcRules.TABLE_NAME);
  }

  private interface Telling {
    void run() throws IOException;
  }

  private void tell(Telling telling) throws IOException {
    try {
      telling.run();
    } catch (IOException e) {
      known = false;
      generation = 0;
      throw e;
    }
    known = true;
    generation = filter.generation();
  }
}
