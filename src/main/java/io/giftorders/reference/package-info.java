/** What this API is, said in a document that programs and people read. Knows no feature: tests hold the document against them. */
@NullMarked
package io.giftorders.reference;

import org.jspecify.annotations.NullMarked;
