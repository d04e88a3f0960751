/** The operator's desk: what is asked of orders, payments and the service as a whole. Knows orders; nothing knows it. */
@NullMarked
package io.giftorders.desk;

import org.jspecify.annotations.NullMarked;
