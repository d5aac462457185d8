/** Clusters: the name spaces in which tasks run. */
@NullMarked
package dev.berth.model.cluster;

import org.jspecify.annotations.NullMarked;
