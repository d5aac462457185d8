/**
 * What a log event is, and how a host hands many of them on.
 *
 * <p>Start reading at {@link dev.berth.model.log.EventBlock}.
 */
@NullMarked
package dev.berth.model.log;

import org.jspecify.annotations.NullMarked;
