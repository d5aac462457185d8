/**
 * AWS STS: who is calling.
 *
 * <p>Start reading at {@link dev.berth.api.sts.StsOperations}.
 */
@NullMarked
package dev.berth.api.sts;

import org.jspecify.annotations.NullMarked;
