package dev.berth.agent.network.rules;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One nftables table as it should be. Only {@link #adding} and {@link #removing} change one.
 *
 * @param name with its family, such as {@code inet berth}
 * @param sets sets and maps by name
 * @param chains by name
 */
public record RuleSet(
    String name, SortedMap<String, Elements> sets, SortedMap<String, Chain> chains) {
  /**
   * A set or a map.
   *
   * @param declaration such as {@code map} and its type
   * @param values by key; of a set all are empty
   */
  public record Elements(String kind, String declaration, Map<String, String> values) {}

  /**
   * A chain of rules.
   *
   * @param hook where the kernel enters it; empty for one that others jump to
   */
  public record Chain(String hook, List<String> rules) {
    public Chain {
      rules = List.copyOf(rules);
    }
  }

  /** One element of a set or map. */
  public record Element(String set, String key, String value) {
    String text() {
      return value.isEmpty() ? key : key + " : " + value;
    }
  }

  /** Puts the table in place as one transaction, whatever is there of it. */
  public String whole() {
    // Deleting what may not be there is an error; adding it before never is.
    var script = new StringBuilder(remove());
    script.append("add table ").append(name).append('\n');
    return script.append(fill(new RuleSet(name, new TreeMap<>(), new TreeMap<>()))).toString();
  }

  /** Removes the table, whether it is there or not. */
  public String remove() {
    return "add table " + name + "\ndelete table " + name + "\n";
  }

  /** Turns the older table into this one as one transaction; empty where they are equal. */
  public String since(RuleSet older) {
    if (equals(older)) {
      return "";
    }
    boolean redeclared =
        older.sets.entrySet().stream()
                .anyMatch(each -> isRedeclared(each.getValue(), sets.get(each.getKey())))
            || older.chains.entrySet().stream()
                .anyMatch(each -> isRehooked(each.getValue(), chains.get(each.getKey())));
    return redeclared || !name.equals(older.name) ? whole() : fill(older);
  }

  private static boolean isRedeclared(Elements older, @Nullable Elements now) {
    return now != null && !now.declaration.equals(older.declaration);
  }

  private static boolean isRehooked(Chain older, @Nullable Chain now) {
    return now != null && !now.hook.equals(older.hook);
  }

  /** What rules and elements name is added before them, and removed after them. */
  private String fill(RuleSet older) {
    var script = new StringBuilder();
    sets.forEach(
        (set, body) -> {
          if (!older.sets.containsKey(set)) {
            line(script, "add " + body.kind, set, "{ type " + body.declaration + "; }");
          }
        });
    chains.forEach(
        (chain, body) -> {
          if (!older.chains.containsKey(chain)) {
            line(script, "add chain", chain, body.hook.isEmpty() ? "" : "{ " + body.hook + " }");
          }
        });
    chains.forEach((chain, body) -> refill(script, chain, body, older));
    sets.forEach((set, body) -> changeElements(script, set, body, older));
    older.sets.forEach(
        (set, body) -> {
          if (!sets.containsKey(set)) {
            elements(script, "delete", set, body.values);
          }
        });
    var goneChains =
        older.chains.keySet().stream().filter(each -> !chains.containsKey(each)).toList();
    goneChains.forEach(chain -> line(script, "flush chain", chain, ""));
    goneChains.forEach(chain -> line(script, "delete chain", chain, ""));
    older.sets.forEach(
        (set, body) -> {
          if (!sets.containsKey(set)) {
            line(script, "delete " + body.kind, set, "");
          }
        });
    return script.toString();
  }

  private void refill(StringBuilder script, String chain, Chain body, RuleSet older) {
    var before = older.chains.get(chain);
    if (before != null && before.rules.equals(body.rules)) {
      return;
    }
    if (before != null) {
      line(script, "flush chain", chain, "");
    }
    body.rules.forEach(rule -> line(script, "add rule", chain, rule));
  }

  private void changeElements(StringBuilder script, String set, Elements body, RuleSet older) {
    var before =
        older.sets.containsKey(set) ? older.sets.get(set).values : Map.<String, String>of();
    elements(script, "delete", set, without(before, body.values));
    elements(script, "add", set, without(body.values, before));
  }

  private static Map<String, String> without(Map<String, String> all, Map<String, String> known) {
    var rest = new TreeMap<String, String>();
    all.forEach(
        (key, value) -> {
          if (!value.equals(known.get(key))) {
            rest.put(key, value);
          }
        });
    return rest;
  }

  private void elements(StringBuilder script, String verb, String set, Map<String, String> values) {
    if (!values.isEmpty()) {
      var list =
          values.entrySet().stream()
              .map(each -> new Element(set, each.getKey(), each.getValue()).text())
              .collect(Collectors.joining(", ", "{ ", " }"));
      line(script, verb + " element", set, list);
    }
  }

  private void line(StringBuilder script, String verb, String object, String rest) {
    script.append(verb).append(' ').append(name).append(' ').append(object);
    if (!rest.isEmpty()) {
      script.append(' ').append(rest);
    }
    script.append('\n');
  }

  /** Those of these elements that are not in this table yet; from now on they are. */
  public List<Element> adding(List<Element> elements) {
    return elements.stream()
        .filter(
            each -> {
              var set = sets.get(each.set());
              return set != null && !each.value().equals(set.values.put(each.key(), each.value()));
            })
        .toList();
  }

  /** Those of these elements that are in this table; from now on they are not. */
  public List<Element> removing(List<Element> elements) {
    return elements.stream()
        .filter(
            each -> {
              var set = sets.get(each.set());
              return set != null && set.values.remove(each.key(), each.value());
            })
        .toList();
  }
}
