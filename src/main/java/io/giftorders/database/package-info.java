/** Connections to the database, what its errors mean and what it says of itself. Knows nothing of gifts and orders. */
@NullMarked
package io.giftorders.database;

import org.jspecify.annotations.NullMarked;
