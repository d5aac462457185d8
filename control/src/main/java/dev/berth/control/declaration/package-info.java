/**
 * What a client declared of a task, as trees of the official JSON shapes: checked, filled in as AWS
 * fills it in, and compiled into what a host is told.
 *
 * <p>Enters: the JSON text of a declaration and of its overrides. Leaves: violations, a normal
 * form, or a {@link dev.berth.control.declaration.CompiledTask}. Pure: no state, clock or wire
 * protocol. Start reading at {@link dev.berth.control.declaration.TaskDefinitionCompiler}.
 */
@NullMarked
package dev.berth.control.declaration;

import org.jspecify.annotations.NullMarked;
