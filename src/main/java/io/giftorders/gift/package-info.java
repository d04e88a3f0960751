/** What the shop sells: gifts with their price, stock and terms of sale. Knows no other feature. */
@NullMarked
package io.giftorders.gift;

import org.jspecify.annotations.NullMarked;
