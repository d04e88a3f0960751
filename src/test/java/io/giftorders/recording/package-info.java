/**
 * What buyers were answered, kept so that the shop's books can be checked against it. Knows neither the load nor what
 * becomes of the file.
 */
@NullMarked
package io.giftorders.recording;

import org.jspecify.annotations.NullMarked;
