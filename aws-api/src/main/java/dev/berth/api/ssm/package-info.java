/**
 * Systems Manager's Parameter Store over its official shapes; of Systems Manager's other parts
 * there is nothing here.
 *
 * <p>Enters: decoded requests of a known caller. Leaves: answers, or Systems Manager's own errors.
 * Start reading at {@link dev.berth.api.ssm.ParameterOperations}.
 */
@NullMarked
package dev.berth.api.ssm;

import org.jspecify.annotations.NullMarked;
