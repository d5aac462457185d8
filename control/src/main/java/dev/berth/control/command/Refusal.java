package dev.berth.control.command;

/** Why a command is refused. Each becomes one of AWS's errors at the edge, in one place. */
public sealed interface Refusal {
  /** A sentence for the client that names what is wrong. */
  String message();

  /** No cluster of that name is there. */
  record ClusterNotFound() implements Refusal {
    @Override
    public String message() {
      return "Cluster not found.";
    }
  }

  /** The cluster is there but was deleted. */
  record ClusterInactive(String message) implements Refusal {}

  /** Tasks still run or wait in the cluster. */
  record ClusterContainsTasks() implements Refusal {
    @Override
    public String message() {
      return "The Cluster cannot be deleted while Tasks are active.";
    }
  }

  /** A member of the request cannot be used as it is. */
  record InvalidParameter(String message) implements Refusal {}

  /** What is asked for cannot be done with what is there. */
  record NotPossible(String message) implements Refusal {}

  /** The resource is not there. */
  record ResourceNotFound(String message) implements Refusal {}

  /** The token belongs to another request. */
  record Conflict(String message) implements Refusal {}

  /** There is no such version of the platform. */
  record PlatformUnknown(String message) implements Refusal {}

  /** The task definition cannot run in this way. */
  record PlatformIncompatible(String message) implements Refusal {}
}
