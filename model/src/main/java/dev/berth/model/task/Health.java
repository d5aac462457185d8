package dev.berth.model.task;

/** What health checks say, by ECS's own names. */
public enum Health {
  HEALTHY,
  UNHEALTHY,
  /** None is declared, or none has come to a result yet. */
  UNKNOWN
}
