/**
 * The name server of a VPC, in its router's namespace.
 *
 * <p>In come questions of tasks; out go answers from {@link dev.berth.agent.network.dns.VpcNames},
 * and for every other name those of the host's own name servers, asked from the host's namespace.
 * Nothing is cached: the host's servers do that. Facts: RFC 1035, 6891 and 7766. Start reading at
 * {@link dev.berth.agent.network.dns.NameServer}.
 */
@NullMarked
package dev.berth.agent.network.dns;

import org.jspecify.annotations.NullMarked;
