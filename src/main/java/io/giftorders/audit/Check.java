package io.giftorders.audit;

import java.util.Locale;

/** What must be true of goods and money at every moment: a statement each, whose rows are what is wrong. */
enum Check {
    /** What is left and what live orders hold is what was put in. */
    STOCK("""
            SELECT NULL AS order_code,
                   CONCAT('Gift ', g.id, ' has ', g.stock, ' in stock and ', COALESCE(h.pieces, 0), ' in orders; ',
                          g.supplied, ' were put in.') AS detail
              FROM gift g
              LEFT JOIN (SELECT goods_id, SUM(counts - returned) AS pieces FROM order_item GROUP BY goods_id) h
                ON h.goods_id = g.id
             WHERE g.stock + COALESCE(h.pieces, 0) <> g.supplied
            """),

    /** Sales are the pieces that live orders hold. */
    SALES("""
            SELECT NULL AS order_code,
                   CONCAT('Gift ', g.id, ' has sales ', g.sales, '; orders hold ', COALESCE(h.pieces, 0), '.') AS detail
              FROM gift g
              LEFT JOIN (SELECT goods_id, SUM(counts - returned) AS pieces FROM order_item GROUP BY goods_id) h
                ON h.goods_id = g.id
             WHERE g.sales <> COALESCE(h.pieces, 0)
            """),

    /** An order's totals are the sums of its items. */
    TOTALS("""
            SELECT o.order_code,
                   CONCAT('The order says ', MIN(o.total_count), ' pieces for ', MIN(o.total_amount), '; its items are ',
                          COALESCE(SUM(i.counts), 0), ' for ', COALESCE(SUM(i.counts * i.price), 0), '.') AS detail
              FROM orders o LEFT JOIN order_item i ON i.order_code = o.order_code
             GROUP BY o.order_code
            HAVING MIN(o.total_count) <> COALESCE(SUM(i.counts), 0)
                OR MIN(o.total_amount) <> COALESCE(SUM(i.counts * i.price), 0)
            """),

    /** An item is of its buyer's order, and no more of it came back than there was. */
    ITEMS("""
            SELECT i.order_code,
                   CONCAT('Of ', i.counts, ' pieces of gift ', i.goods_id, ' for buyer ', i.uid, ' ', i.returned,
                          ' are returned and ', i.refunded, ' refunded; ',
                          CASE WHEN o.order_code IS NULL THEN 'the order is not there'
                               ELSE CONCAT('the order is buyer ', o.uid, '''s') END, '.') AS detail
              FROM order_item i LEFT JOIN orders o ON o.order_code = i.order_code
             WHERE i.counts < 1 OR i.returned < 0 OR i.returned > i.counts OR i.refunded < 0 OR i.refunded > i.counts
                OR o.order_code IS NULL OR o.uid <> i.uid
            """),

    /** What came back agrees with the order's status. */
    PIECES("""
            SELECT o.order_code,
                   CONCAT('An order with status ', MIN(o.status), ' of ', SUM(i.counts), ' pieces has returned ',
                          SUM(i.returned), ' and refunded ', SUM(i.refunded), '.') AS detail
              FROM orders o JOIN order_item i ON i.order_code = o.order_code
             GROUP BY o.order_code
            HAVING CASE MIN(o.status)
                        WHEN 1 THEN SUM(i.returned) <> 0 OR SUM(i.refunded) <> 0
                        WHEN 2 THEN SUM(i.returned) <> SUM(i.refunded) OR SUM(i.refunded) = SUM(i.counts)
                        WHEN 5 THEN SUM(i.returned) <> SUM(i.counts) OR SUM(i.refunded) <> 0
                        WHEN 6 THEN SUM(i.returned) > SUM(i.counts) OR SUM(i.refunded) <> SUM(i.counts)
                        ELSE SUM(i.returned) > SUM(i.refunded) OR SUM(i.refunded) = SUM(i.counts) END
            """),

    /**
     * The money an order has is what the goods it stands for are worth. Measured with a million paid orders: 5 s; with the
     * sums by order in temporary tables 40 s.
     */
    MONEY("""
            SELECT order_code,
                   CONCAT('An order with status ', status, ' has money ', money, ' for goods worth ', worth, '.') AS detail
              FROM (SELECT o.order_code, MIN(o.status) AS status,
                           CASE WHEN MIN(o.status) IN (1, 5) THEN 0 ELSE SUM((i.counts - i.refunded) * i.price) END AS worth,
                           COALESCE((SELECT SUM(p.total_amount) FROM payment p WHERE p.order_code = o.order_code), 0)
                           - COALESCE((SELECT SUM(r.amount) FROM refund r WHERE r.order_code = o.order_code), 0) AS money
                      FROM orders o JOIN order_item i ON i.order_code = o.order_code
                     GROUP BY o.order_code
                    HAVING money <> worth) m
            """),

    /** A paid order lives on one payment of its amount; the others were sent away. An unpaid one lives on none. */
    PAYMENTS("""
            SELECT order_code,
                   CONCAT('An order with status ', status, ' lives on ', trades, ' payments of ', amount, ' for ',
                          total_amount, '.') AS detail
              FROM (SELECT o.order_code, MIN(o.status) AS status, MIN(o.total_amount) AS total_amount,
                           COUNT(CASE WHEN s.trade_no IS NULL THEN p.trade_no END) AS trades,
                           COALESCE(SUM(CASE WHEN s.trade_no IS NULL THEN p.total_amount END), 0) AS amount
                      FROM orders o
                      LEFT JOIN payment p ON p.order_code = o.order_code
                      LEFT JOIN refund s ON s.trade_no = p.trade_no AND s.cause IN (2, 3)
                     GROUP BY o.order_code
                    HAVING CASE WHEN status IN (1, 5) THEN trades <> 0
                                ELSE trades <> 1 OR amount <> total_amount END) l
            """),

    /** A payment is for an order that is there. */
    STRAY_PAYMENTS("""
            SELECT p.order_code, CONCAT('Payment ', p.trade_no, ' is for no order.') AS detail
              FROM payment p LEFT JOIN orders o ON o.order_code = p.order_code
             WHERE o.order_code IS NULL
            """),

    /** A refund is of a payment of its order. */
    STRAY_REFUNDS("""
            SELECT f.order_code, CONCAT('Refund ', f.out_request_no, ' is of no payment of its order.') AS detail
              FROM refund f LEFT JOIN payment p ON p.trade_no = f.trade_no AND p.order_code = f.order_code
             WHERE p.trade_no IS NULL
            """),

    /** A trade is not paid back with more than it brought; one that was sent away is paid back whole. */
    REFUNDS("""
            SELECT p.order_code,
                   CONCAT('Trade ', p.trade_no, ' of ', p.total_amount, ' is paid back with ', b.amount,
                          CASE WHEN b.sent_away IS NULL THEN '.'
                               ELSE CONCAT('; it is sent away with ', b.sent_away, '.') END) AS detail
              FROM payment p
              JOIN (SELECT trade_no, SUM(amount) AS amount,
                           SUM(CASE WHEN cause IN (2, 3) THEN amount END) AS sent_away
                      FROM refund GROUP BY trade_no) b
                ON b.trade_no = p.trade_no
             WHERE b.amount > p.total_amount OR b.sent_away <> p.total_amount
            """),

    /** What a buyer is counted with of a gift with a limit is what the buyer's orders hold. */
    COUNTS("""
            WITH held_by AS (
                SELECT i.goods_id, i.uid, SUM(i.counts - i.returned) AS pieces
                  FROM order_item i
                  JOIN (SELECT id FROM gift WHERE limit_per_user IS NOT NULL UNION SELECT goods_id FROM purchase) l
                    ON l.id = i.goods_id
                 GROUP BY i.goods_id, i.uid)
            SELECT NULL AS order_code,
                   CONCAT('Buyer ', c.uid, ' is counted with ', c.counts, ' of gift ', c.goods_id, ' and holds ',
                          COALESCE(h.pieces, 0), '.') AS detail
              FROM purchase c LEFT JOIN held_by h ON h.goods_id = c.goods_id AND h.uid = c.uid
             WHERE c.counts <> COALESCE(h.pieces, 0)
            UNION ALL
            SELECT NULL, CONCAT('Buyer ', h.uid, ' is not counted, and holds ', h.pieces, ' of gift ', h.goods_id, '.')
              FROM held_by h LEFT JOIN purchase c ON c.goods_id = h.goods_id AND c.uid = h.uid
             WHERE c.uid IS NULL AND h.pieces <> 0
            """),

    /** A buyer has no more than was allowed when the pieces were taken. */
    LIMITS("""
            SELECT NULL AS order_code,
                   CONCAT('Buyer ', uid, ' has ', counts, ' of gift ', goods_id, '; ', allowed, ' were allowed.') AS detail
              FROM purchase
             WHERE counts > allowed
            """);

    private final String statement;

    Check(String statement) {
        this.statement = statement;
    }

    String statement() {
        return statement;
    }

    /** As reports and the README write it, such as {@code stray-payments}. */
    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
