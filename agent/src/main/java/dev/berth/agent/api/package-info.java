/**
 * AWS's API, asked by the agent in a task's name, as AWS's own agent does.
 *
 * <p>In come credentials of a task's role and an operation; out comes the API's answer, whatever it
 * says. Start reading at {@link dev.berth.agent.api.TaskApi}.
 */
@NullMarked
package dev.berth.agent.api;

import org.jspecify.annotations.NullMarked;
