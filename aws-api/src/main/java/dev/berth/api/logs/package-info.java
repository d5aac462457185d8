/**
 * CloudWatch Logs on the wire.
 *
 * <p>Enters: the SDK's requests. Leaves: calls of a {@link dev.berth.logs.LogStore}, and the SDK's
 * responses or errors. Limits, texts and orders are those of the CloudWatch Logs API reference.
 * Start reading at {@link dev.berth.api.logs.LogsOperations}.
 */
@NullMarked
package dev.berth.api.logs;

import org.jspecify.annotations.NullMarked;
