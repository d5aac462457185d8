/** Tasks: what is declared, what a host is told, what it reports, and the lifecycle between. */
@NullMarked
package dev.berth.model.task;

import org.jspecify.annotations.NullMarked;
