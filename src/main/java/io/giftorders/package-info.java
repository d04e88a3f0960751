/** The application class only: what the shop talks about has a package each, below. */
@NullMarked
package io.giftorders;

import org.jspecify.annotations.NullMarked;
