/**
 * EC2's networks over the SDK's shapes: VPCs and what belongs to them.
 *
 * <p>Enters: a request of EC2. Leaves: the answer, or EC2's error by its code, since its model has
 * none. What is looked at is one moment of one realm, a {@link
 * dev.berth.control.query.NetworkView}; what is changed goes through a command. Start reading at
 * {@link dev.berth.api.ec2.Ec2Operations}.
 */
@NullMarked
package dev.berth.api.ec2;

import org.jspecify.annotations.NullMarked;
