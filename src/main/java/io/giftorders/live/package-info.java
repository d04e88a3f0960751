/**
 * Streams of server-sent events: who watches, what each has seen, heartbeats, limits and the end. Knows no feature: what is
 * shown is a {@link io.giftorders.live.View}'s business.
 */
@NullMarked
package io.giftorders.live;

import org.jspecify.annotations.NullMarked;
