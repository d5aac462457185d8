/**
 * What things are: records, sealed states and rules, on the JDK alone.
 *
 * <p>Everybody may use this room and it uses nobody. Values are immutable and check themselves at
 * construction, so a value that exists is a valid one. Start reading at {@link
 * dev.berth.model.task.TaskState}.
 */
@NullMarked
package dev.berth.model;

import org.jspecify.annotations.NullMarked;
