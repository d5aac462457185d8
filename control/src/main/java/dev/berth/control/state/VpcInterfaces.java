package dev.berth.control.state;

import dev.berth.model.network.EniId;
import dev.berth.model.network.EniSpec;
import java.util.List;
import java.util.Optional;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;
import org.pcollections.PVector;
import org.pcollections.TreePVector;

/**
 * The interfaces of a VPC, and what changed of late. Immutable.
 *
 * @param declaredRevision when anything but the interfaces last changed
 * @param revision when anything last changed
 * @param changesAfter the list of changes is whole after this revision
 * @param changes of interfaces, the oldest first
 */
public record VpcInterfaces(
    PMap<EniId, HeldInterface> interfaces,
    long declaredRevision,
    long revision,
    long changesAfter,
    PVector<Change> changes) {
  /** Further back, whoever was not told gets the whole again. */
  private static final int CHANGE_COUNT_MAX = 256;

  static final VpcInterfaces NONE =
      new VpcInterfaces(HashTreePMap.empty(), 0, 0, 0, TreePVector.empty());

  /** One interface came or went. */
  public record Change(long revision, Optional<EniSpec> left, Optional<EniSpec> joined) {}

  /** The changes after a revision; empty when they are no longer known. */
  public Optional<List<Change>> since(long told) {
    return told < changesAfter || told < declaredRevision
        ? Optional.empty()
        : Optional.of(changes.stream().filter(change -> change.revision() > told).toList());
  }

  VpcInterfaces declared(long now) {
    return new VpcInterfaces(interfaces, now, now, now, TreePVector.empty());
  }

  VpcInterfaces with(HeldInterface joined, long now) {
    return changed(
        interfaces.plus(joined.eni().id(), joined),
        new Change(now, Optional.empty(), Optional.of(joined.eni())));
  }

  VpcInterfaces without(EniSpec left, long now) {
    return changed(
        interfaces.minus(left.id()), new Change(now, Optional.of(left), Optional.empty()));
  }

  private VpcInterfaces changed(PMap<EniId, HeldInterface> held, Change change) {
    PVector<Change> known = changes.plus(change);
    long wholeAfter = changesAfter;
    if (known.size() > CHANGE_COUNT_MAX) {
      wholeAfter = known.get(0).revision();
      known = known.minus(0);
    }
    return new VpcInterfaces(held, declaredRevision, change.revision(), wholeAfter, known);
  }
}
