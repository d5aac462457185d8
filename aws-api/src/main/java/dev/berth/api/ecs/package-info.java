/**
 * AWS ECS: the official shapes on one side, commands and queries on the other.
 *
 * <p>What enters: the SDK's requests and who calls. What leaves: the SDK's responses. Invariants: a
 * refusal becomes one of ECS's errors in {@link dev.berth.api.ecs.EcsErrors} and nowhere else; no
 * rule about clusters, definitions or tasks is decided here.
 *
 * <p>Start reading at {@link dev.berth.api.ecs.EcsOperations}.
 */
@NullMarked
package dev.berth.api.ecs;

import org.jspecify.annotations.NullMarked;
