package dev.berth.agent.network;

import dev.berth.agent.linux.PacketFilter;
import dev.berth.agent.network.rules.Attachment;
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
  private final StringBuilder script = new StringBuilder();
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
    script.append(known ? next.since(table) : next.whole());
    table = next;
    commit();
  }

  /** Puts all of it in place in one transaction, whatever the kernel has. */
  void replace(RuleSet next) throws IOException {
    known = false;
    become(next);
  }

  /** Adds those that are not there, with the next {@link #commit}. */
  void add(List<Element> elements) {
    script.append(table.adding(elements));
  }

  /** Removes those that are there, with the next {@link #commit}. */
  void remove(List<Element> elements) {
    script.append(table.removing(elements));
  }

  /** One transaction of all that was added and removed. */
  void commit() throws IOException {
    var transaction = script.toString();
    script.setLength(0);
    if (transaction.isEmpty()) {
      return;
    }
    try {
      filter.run(transaction);
    } catch (IOException e) {
      known = false;
      generation = 0;
      throw e;
    }
    known = true;
    generation = filter.generation();
  }
}
