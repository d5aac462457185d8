/** AWS's wire protocols on one endpoint. */
@NullMarked
package dev.berth.api;

import org.jspecify.annotations.NullMarked;
