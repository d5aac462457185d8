/** Who and where: accounts, regions, resource names, access keys. */
@NullMarked
package dev.berth.model.identity;

import org.jspecify.annotations.NullMarked;
