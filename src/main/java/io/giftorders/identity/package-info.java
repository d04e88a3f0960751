/** Who is asking. Reads bearer tokens and knows nothing of gifts and orders. */
@NullMarked
package io.giftorders.identity;

import org.jspecify.annotations.NullMarked;
