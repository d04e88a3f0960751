/** Orders: what a buyer asks for, what was sold, and reading it again. Knows gifts; knows nothing of payment. */
@NullMarked
package io.giftorders.order;

import org.jspecify.annotations.NullMarked;
