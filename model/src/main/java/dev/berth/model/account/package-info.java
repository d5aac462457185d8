/** Accounts: what each of them, and each of its principals, has chosen. */
@NullMarked
package dev.berth.model.account;

import org.jspecify.annotations.NullMarked;
