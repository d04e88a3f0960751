/** Traces by OpenTelemetry, where they are asked for; else nothing. Knows no feature. */
@NullMarked
package io.giftorders.trace;

import org.jspecify.annotations.NullMarked;
