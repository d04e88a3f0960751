package io.giftorders.order;

import java.util.Comparator;
import java.util.List;

/**
 * What a buyer asks for: at least one line, one line a gift, in gift-id order. Every transaction touches gifts in this
 * order, so that no two of them can deadlock.
 */
public record Cart(List<Line> lines) {

    public Cart {
        lines = lines.stream().sorted(Comparator.comparingLong(Line::giftId)).toList();
        if (lines.isEmpty()) {
            throw new IllegalArgumentException("a cart has at least one line");
        }
    }

    /** @param count pieces, at least 1 */
    public record Line(long giftId, int count) {}
}
