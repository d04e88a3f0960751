/**
 * The load harness: buyers in great numbers against a running shop, what they were answered, and whether the shop's books
 * agree with that. It knows the service by its HTTP calls alone.
 */
@NullMarked
package io.giftorders.load;

import org.jspecify.annotations.NullMarked;
