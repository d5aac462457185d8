package dev.berth.model.task;

import dev.berth.model.identity.RoleArn;

/**
 * The role in whose name a task's containers may call.
 *
 * @param credentialsId by which they ask for its credentials: nobody can guess it, and it stays the
 *     same for the task's life
 */
public record TaskRole(RoleArn arn, String credentialsId) {}
