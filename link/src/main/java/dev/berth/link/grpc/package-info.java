/**
 * Carries the link's messages over gRPC: one call in both directions for each connection of a host.
 *
 * <p>Enters: a listener and a token that both sides share. Leaves: sessions. There is no generated
 * code: {@link dev.berth.link.grpc.LinkProtocol} names the one method, and messages travel as the
 * JSON of {@link dev.berth.link.format.RecordFormat}. Invariants: nobody without the token reaches
 * a listener; every queue is bounded, and a session that overflows ends, since the next one opens
 * with everything that should be true. Start reading at {@link dev.berth.link.grpc.LinkServer} and
 * {@link dev.berth.link.grpc.LinkClient}.
 */
@NullMarked
package dev.berth.link.grpc;

import org.jspecify.annotations.NullMarked;
