/**
 * What a client may look at: answers from the newest durable state, page by page.
 *
 * <p>Enters: a realm and what is asked for. Leaves: records. Nothing changes. Start reading at
 * {@link dev.berth.control.query.Page}.
 */
@NullMarked
package dev.berth.control.query;

import org.jspecify.annotations.NullMarked;
