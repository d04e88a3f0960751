package io.giftorders.audit;

import com.fasterxml.jackson.annotation.JsonFormat;
import org.jspecify.annotations.Nullable;

/**
 * Something in the books that is wrong.
 *
 * @param check what found it, such as {@code stock}; the README lists them
 * @param orderCode the order it is about, or null where it is about none
 * @param detail a sentence for a person
 */
public record Difference(
        String check,

        @JsonFormat(shape = JsonFormat.Shape.STRING) @Nullable
        Long orderCode,

        String detail) {}
