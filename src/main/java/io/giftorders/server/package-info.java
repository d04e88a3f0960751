/** What the web server grants its clients before a request is there. Knows no feature. */
@NullMarked
package io.giftorders.server;

import org.jspecify.annotations.NullMarked;
