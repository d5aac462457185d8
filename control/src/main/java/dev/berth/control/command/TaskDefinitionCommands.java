package dev.berth.control.command;

import dev.berth.control.declaration.InvalidDeclaration;
import dev.berth.control.declaration.Registration;
import dev.berth.control.state.Draft;
import dev.berth.control.state.Kind;
import dev.berth.control.state.Kind.Family;
import dev.berth.control.state.Kind.FamilyId;
import dev.berth.control.state.Ledger;
import dev.berth.control.state.State;
import dev.berth.model.Declared;
import dev.berth.model.identity.Arn;
import dev.berth.model.identity.Realm;
import dev.berth.model.task.TaskDefinition;
import dev.berth.model.task.TaskDefinition.Status;
import dev.berth.model.task.TaskDefinitionId;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Task definitions: registered, deregistered and deleted. */
public final class TaskDefinitionCommands {
  private static final String ARN_RESOURCE = "task-definition/";
  private static final Pattern REFERENCE = Pattern.compile("([A-Za-z0-9_-]{1,255})(?::([0-9]+))?");
  private static final int REVISION_LENGTH_MAX = 9;

  private final Ledger ledger;

  public TaskDefinitionCommands(Ledger ledger) {
    this.ledger = ledger;
  }

  /**
   * Registers the next revision of a family. A revision's number is never given twice, even when
   * all of a family was deleted.
   *
   * @param declaration of the official RegisterTaskDefinitionRequest shape, family included
   * @param by the ARN of who registers it
   */
  public TaskDefinition register(
      Realm realm,
      String family,
      Declared declaration,
      Map<String, String> tags,
      String by,
      Instant now)
      throws Refused {
    Declared normal = normalForm(declaration);
    return ledger.decide(
        draft -> {
          var familyId = new FamilyId(realm, family);
          int revision = draft.find(Kind.FAMILY, familyId).map(Family::lastRevision).orElse(0) + 1;
          var registered =
              new TaskDefinition(
                  new TaskDefinitionId(realm, family, revision),
                  Status.ACTIVE,
                  normal,
                  tags,
                  now,
                  by,
                  Optional.empty());
          draft.put(Kind.FAMILY, new Family(familyId, revision));
          draft.put(Kind.TASK_DEFINITION, registered);
          return registered;
        });
  }

  /**
   * Deregisters a revision: what runs of it goes on, nothing new starts. Once more changes nothing.
   *
   * @param reference {@code family:revision} or an ARN
   */
  public TaskDefinition deregister(Realm realm, String reference, Instant now) throws Refused {
    return ledger.decide(
        draft -> {
          TaskDefinition known = exactly(draft, realm, reference);
          if (known.status() != Status.ACTIVE) {
            return known;
          }
          TaskDefinition deregistered = known.deregistered(now);
          draft.put(Kind.TASK_DEFINITION, deregistered);
          return deregistered;
        });
  }

  /** Deletes a revision that was deregistered before; it stays describable for what still runs. */
  public TaskDefinition delete(Realm realm, String reference) throws Refused {
    return ledger.decide(
        draft -> {
          TaskDefinition known = exactly(draft, realm, reference);
          if (known.status() == Status.ACTIVE) {
            throw new Refused(
                new Refusal.NotPossible(
                    "The specified task definition is still in ACTIVE status. Please deregister"
                        + " the target and try again."));
          }
          TaskDefinition deleted = known.deleted();
          draft.put(Kind.TASK_DEFINITION, deleted);
          return deleted;
        });
  }

  /**
   * What a client means by a family, a family and revision, or an ARN. A family alone means its
   * newest active revision.
   */
  public static Optional<TaskDefinition> find(State state, Realm realm, String reference) {
    Optional<Matcher> parts = parts(realm, reference);
    if (parts.isEmpty()) {
      return Optional.empty();
    }
    String family = parts.get().group(1);
    return parts.get().group(2) == null
        ? newest(state, realm, family)
        : revision(parts.get().group(2))
            .flatMap(
                revision ->
                    state.find(
                        Kind.TASK_DEFINITION, new TaskDefinitionId(realm, family, revision)));
  }

  /** The definition to start tasks from. */
  public static TaskDefinition forUse(State state, Realm realm, String reference) throws Refused {
    TaskDefinition definition =
        find(state, realm, reference)
            .orElseThrow(() -> new Refused(new Refusal.NotPossible("TaskDefinition not found.")));
    if (definition.status() != Status.ACTIVE) {
      throw new Refused(new Refusal.NotPossible("TaskDefinition is inactive"));
    }
    return definition;
  }

  private static Declared normalForm(Declared declaration) throws Refused {
    try {
      return Registration.normalForm(declaration);
    } catch (InvalidDeclaration invalid) {
      throw new Refused(new Refusal.NotPossible(invalid.violations().getFirst().message()));
    }
  }

  private static TaskDefinition exactly(Draft draft, Realm realm, String reference) throws Refused {
    Optional<Matcher> parts = parts(realm, reference);
    if (parts.isPresent() && parts.get().group(2) == null) {
      throw new Refused(new Refusal.InvalidParameter("Revision is missing."));
    }
    return find(draft.state(), realm, reference)
        .orElseThrow(
            () ->
                new Refused(
                    new Refusal.NotPossible("The specified task definition does not exist.")));
  }

  private static Optional<Matcher> parts(Realm realm, String reference) {
    Optional<Arn> arn = Arn.parse(reference);
    if (arn.isPresent() && !(arn.get().isIn(realm) && isTaskDefinition(arn.get()))) {
      return Optional.empty();
    }
    String name = arn.map(it -> it.resource().substring(ARN_RESOURCE.length())).orElse(reference);
    return Optional.of(REFERENCE.matcher(name)).filter(Matcher::matches);
  }

  private static boolean isTaskDefinition(Arn arn) {
    return arn.service().equals("ecs") && arn.resource().startsWith(ARN_RESOURCE);
  }

  private static Optional<Integer> revision(String digits) {
    return digits.length() > REVISION_LENGTH_MAX
        ? Optional.empty()
        : Optional.of(Integer.parseInt(digits)).filter(number -> number > 0);
  }

  private static Optional<TaskDefinition> newest(State state, Realm realm, String family) {
    int last =
        state.find(Kind.FAMILY, new FamilyId(realm, family)).map(Family::lastRevision).orElse(0);
    for (int revision = last; revision > 0; revision--) {
      Optional<TaskDefinition> found =
          state
              .find(Kind.TASK_DEFINITION, new TaskDefinitionId(realm, family, revision))
              .filter(definition -> definition.status() == Status.ACTIVE);
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }
}
