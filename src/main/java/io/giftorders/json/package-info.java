/** Reads request bodies strictly: what is not exactly right is refused, naming the field. Knows no feature. */
@NullMarked
package io.giftorders.json;

import org.jspecify.annotations.NullMarked;
