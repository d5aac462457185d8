/**
 * Brings what containers write to their log streams.
 *
 * <pre>
 *   conmon's file ──▶ events, in blocks ──▶ link ──▶ control stores, and says so ──▶ file trimmed
 * </pre>
 *
 * <p>Invariants: a block says where the one before it ended, and is stored only there, so nothing
 * is stored twice or left out, whoever is killed; what is neither stored nor given up stays in the
 * file, whose room is given back only after that; memory and disk are bounded, whatever a container
 * writes. What happens when the store does not keep up, or is away, is the container's to choose:
 * lines are lost and counted, or it waits.
 *
 * <p>Start reading at {@link dev.berth.agent.logs.Shipment}.
 */
@NullMarked
package dev.berth.agent.logs;

import org.jspecify.annotations.NullMarked;
