/**
 * Checks the books: whether goods, orders and money in the database agree, and whether what buyers were answered is there.
 * Reads the tables alone and knows no other feature.
 */
@NullMarked
package io.giftorders.audit;

import org.jspecify.annotations.NullMarked;
