/** How work waits, is batched and is repeated. Knows no feature. */
@NullMarked
package io.giftorders.work;

import org.jspecify.annotations.NullMarked;
