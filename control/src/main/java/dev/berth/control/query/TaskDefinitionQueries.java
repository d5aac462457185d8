package dev.berth.control.query;

import dev.berth.control.command.Refusal;
import dev.berth.control.command.Refused;
import dev.berth.control.command.TaskDefinitionCommands;
import dev.berth.control.state.Kind;
import dev.berth.control.state.Ledger;
import dev.berth.model.identity.Realm;
import dev.berth.model.task.TaskDefinition;
import dev.berth.model.task.TaskDefinition.Status;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Task definitions: shown and listed. */
public final class TaskDefinitionQueries {
  private static final int PAGE_SIZE_MAX = 100;

  private final Ledger ledger;

  public TaskDefinitionQueries(Ledger ledger) {
    this.ledger = ledger;
  }

  /** The revision that a family, a family and revision, or an ARN means. */
  public TaskDefinition describe(Realm realm, String reference) throws Refused {
    return TaskDefinitionCommands.find(ledger.state(), realm, reference)
        .orElseThrow(
            () -> new Refused(new Refusal.NotPossible("Unable to describe task definition.")));
  }

  /**
   * The revisions of that status, by family and number.
   *
   * @param family all families when absent
   */
  public Page<TaskDefinition> list(
      Realm realm, Optional<String> family, Status status, Page.Request request) throws Refused {
    return Page.of(
        in(realm)
            .filter(definition -> definition.status() == status)
            .filter(
                definition -> family.isEmpty() || family.get().equals(definition.id().family())),
        // A space sorts before all that a family's name may have.
        definition -> "%s %09d".formatted(definition.id().family(), definition.id().revision()),
        request,
        PAGE_SIZE_MAX);
  }

  /** Which families are meant, by whether they have an active revision. */
  public enum FamilyStatus {
    ACTIVE,
    INACTIVE,
    ALL
  }

  /** The names of families that begin so. */
  public Page<String> families(
      Realm realm, String prefix, FamilyStatus status, Page.Request request) throws Refused {
    Set<String> active =
        in(realm)
            .filter(definition -> definition.status() == Status.ACTIVE)
            .map(definition -> definition.id().family())
            .collect(Collectors.toSet());
    return Page.of(
        in(realm)
            .map(definition -> definition.id().family())
            .distinct()
            .filter(family -> family.startsWith(prefix))
            .filter(
                family ->
                    switch (status) {
                      case ACTIVE -> active.contains(family);
                      case INACTIVE -> !active.contains(family);
                      case ALL -> true;
                    }),
        family -> family,
        request,
        PAGE_SIZE_MAX);
  }

  private Stream<TaskDefinition> in(Realm realm) {
    return ledger.state().all(Kind.TASK_DEFINITION).stream()
        .filter(definition -> definition.id().realm().equals(realm));
  }
}
