/**
 * AWS Signature Version 4: signing a request, and telling whether a signed one is to be believed.
 *
 * <p>What enters: the bytes of a request as they went over the wire, and access keys. What leaves:
 * the headers that sign a request, or a {@link dev.berth.model.signature.Verification}.
 *
 * <p>Invariants: the JDK alone; no I/O, and the clock comes from outside; a secret never reaches a
 * {@code toString}; signatures and tokens are compared in constant time.
 *
 * <p>Start reading at {@link dev.berth.model.signature.SignatureVerifier}. The facts come from
 * AWS's description of Signature Version 4 in the IAM user guide.
 */
@NullMarked
package dev.berth.model.signature;

import org.jspecify.annotations.NullMarked;
