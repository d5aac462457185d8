package dev.berth.control.declaration;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One demand on a declaration.
 *
 * @param list the list whose every element it is about, or empty where it is about the task
 */
record Rule(String list, Demand demand) {

  /** What is wrong, with paths from the subject on; nothing if all is well. */
  @FunctionalInterface
  interface Demand {
    Stream<Violation> violations(ObjectNode subject, ObjectNode task);
  }

  /** What is wrong with a single member, in words for the client. */
  @FunctionalInterface
  interface Complaint {
    Optional<String> complaint(ObjectNode subject, ObjectNode task);
  }

  /** An object in a list, and the path to it from the list's owner. */
  record Element(String path, ObjectNode node) {
    Violation violation(String member, String message) {
      return new Violation(path + "." + member, message);
    }
  }

  static Rule task(String member, Complaint complaint) {
    return new Rule("", of(member, complaint));
  }

  static Rule task(Demand demand) {
    return new Rule("", demand);
  }

  static Rule container(String member, Complaint complaint) {
    return container(of(member, complaint));
  }

  static Rule container(Demand demand) {
    return new Rule("containerDefinitions", demand);
  }

  static Rule volume(String member, Complaint complaint) {
    return new Rule("volumes", of(member, complaint));
  }

  static Rule volume(Demand demand) {
    return new Rule("volumes", demand);
  }

  static Optional<String> when(boolean wrong, String complaint) {
    return wrong ? Optional.of(complaint) : Optional.empty();
  }

  static Stream<Violation> when(boolean wrong, String path, String complaint) {
    return wrong ? Stream.of(new Violation(path, complaint)) : Stream.empty();
  }

  /** The objects of a list with their paths. */
  static Stream<Element> elements(JsonNode parent, String list) {
    var elements = new ArrayList<Element>();
    int position = 0;
    for (JsonNode element : parent.path(list)) {
      String path = list + "[" + position++ + "]";
      if (element instanceof ObjectNode object) {
        elements.add(new Element(path, object));
      }
    }
    return elements.stream();
  }

  Stream<Violation> violations(ObjectNode task) {
    if (list.isEmpty()) {
      return demand.violations(task, task);
    }
    return elements(task, list)
        .flatMap(
            element ->
                demand
                    .violations(element.node(), task)
                    .map(found -> element.violation(found.path(), found.message())));
  }

  static List<Violation> violations(List<Rule> rules, ObjectNode task) {
    return rules.stream().flatMap(rule -> rule.violations(task)).toList();
  }

  private static Demand of(String member, Complaint complaint) {
    return (subject, task) ->
        complaint.complaint(subject, task).map(text -> new Violation(member, text)).stream();
  }
}
