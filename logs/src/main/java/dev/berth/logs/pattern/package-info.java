/**
 * Filter patterns as CloudWatch Logs has them: terms, JSON and columns.
 *
 * <p>Pure: a text becomes a {@link dev.berth.logs.pattern.FilterPattern}, and that says of a
 * message whether it matches. Facts: "Filter pattern syntax" in the CloudWatch Logs user guide.
 * Start reading at {@link dev.berth.logs.pattern.PatternParser}.
 */
@NullMarked
package dev.berth.logs.pattern;

import org.jspecify.annotations.NullMarked;
