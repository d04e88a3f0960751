/** How the shop says no: refusals, and the one place that renders them. Knows no other package of the shop. */
@NullMarked
package io.giftorders.problem;

import org.jspecify.annotations.NullMarked;
