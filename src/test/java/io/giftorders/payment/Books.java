package io.giftorders.payment;

import static org.assertj.core.api.Assertions.assertThat;

import io.giftorders.localalipay.LocalAlipay;
import io.giftorders.localalipay.TradeView;
import io.giftorders.shop.Shop;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What must be true of a shop's goods and money at every moment, whatever happened before. All of it is one statement, which
 * sees one state of the database: it may be checked while the shop works.
 */
final class Books {

    /** Each row is a sentence about something that is wrong. */
    private static final String WRONG = """
            WITH held AS (
                SELECT goods_id, SUM(counts - returned) AS pieces FROM order_item GROUP BY goods_id),
            held_by AS (
                SELECT goods_id, uid, SUM(counts - returned) AS pieces FROM order_item GROUP BY goods_id, uid),
            goods AS (
                SELECT order_code, SUM(counts) AS counts, SUM(returned) AS returned, SUM(refunded) AS refunded,
                       SUM((counts - refunded) * price) AS worth
                  FROM order_item GROUP BY order_code),
            received AS (
                SELECT order_code, SUM(total_amount) AS amount FROM payment GROUP BY order_code),
            paid_back AS (
                SELECT order_code, SUM(amount) AS amount FROM refund GROUP BY order_code),
            paid_back_by_trade AS (
                SELECT trade_no, SUM(amount) AS amount FROM refund GROUP BY trade_no),
            sent_away AS (
                SELECT trade_no, amount FROM refund WHERE cause IN (2, 3)),
            living AS (
                SELECT p.order_code, COUNT(*) AS trades, SUM(p.total_amount) AS amount
                  FROM payment p LEFT JOIN sent_away s ON s.trade_no = p.trade_no
                 WHERE s.trade_no IS NULL GROUP BY p.order_code)
            SELECT CONCAT('gift ', g.id, ' has sales ', g.sales, ' and orders hold ', COALESCE(h.pieces, 0)) AS wrong
              FROM gift g LEFT JOIN held h ON h.goods_id = g.id
             WHERE g.sales <> COALESCE(h.pieces, 0)
            UNION ALL
            SELECT CONCAT('order ', o.order_code, ' (', o.status, ') has money ',
                          COALESCE(r.amount, 0) - COALESCE(b.amount, 0), ' for goods worth ',
                          CASE WHEN o.status IN (1, 5) THEN 0 ELSE g.worth END)
              FROM orders o JOIN goods g ON g.order_code = o.order_code
              LEFT JOIN received r ON r.order_code = o.order_code
              LEFT JOIN paid_back b ON b.order_code = o.order_code
             WHERE COALESCE(r.amount, 0) - COALESCE(b.amount, 0)
                   <> CASE WHEN o.status IN (1, 5) THEN 0 ELSE g.worth END
            UNION ALL
            SELECT CONCAT('order ', o.order_code, ' (', o.status, ') lives on ', COALESCE(l.trades, 0),
                          ' payments of ', COALESCE(l.amount, 0), ' for ', o.total_amount)
              FROM orders o LEFT JOIN living l ON l.order_code = o.order_code
             WHERE o.status IN (2, 3, 4, 6) AND (l.trades IS NULL OR l.trades <> 1 OR l.amount <> o.total_amount)
                OR o.status IN (1, 5) AND l.trades IS NOT NULL
            UNION ALL
            SELECT CONCAT('order ', o.order_code, ' (', o.status, ') of ', g.counts, ' pieces returned ', g.returned,
                          ' and refunded ', g.refunded)
              FROM orders o JOIN goods g ON g.order_code = o.order_code
             WHERE CASE o.status WHEN 1 THEN g.returned <> 0 OR g.refunded <> 0
                                 WHEN 2 THEN g.returned <> g.refunded OR g.refunded = g.counts
                                 WHEN 5 THEN g.returned <> g.counts OR g.refunded <> 0
                                 WHEN 6 THEN g.returned > g.counts OR g.refunded <> g.counts
                                 ELSE g.returned > g.refunded OR g.refunded = g.counts END
            UNION ALL
            SELECT CONCAT('item ', order_code, '/', goods_id, ' of ', counts, ' returned ', returned, ' refunded ',
                          refunded)
              FROM order_item
             WHERE returned < 0 OR returned > counts OR refunded < 0 OR refunded > counts
            UNION ALL
            SELECT CONCAT('payment ', p.trade_no, ' is for no order')
              FROM payment p LEFT JOIN orders o ON o.order_code = p.order_code
             WHERE o.order_code IS NULL
            UNION ALL
            SELECT CONCAT('refund ', f.out_request_no, ' is of no payment of its order')
              FROM refund f LEFT JOIN payment p ON p.trade_no = f.trade_no AND p.order_code = f.order_code
             WHERE p.trade_no IS NULL
            UNION ALL
            SELECT CONCAT('trade ', p.trade_no, ' of ', p.total_amount, ' is paid back with ', b.amount)
              FROM payment p JOIN paid_back_by_trade b ON b.trade_no = p.trade_no
             WHERE b.amount > p.total_amount
            UNION ALL
            SELECT CONCAT('trade ', p.trade_no, ' of ', p.total_amount, ' is sent away with ', s.amount)
              FROM payment p JOIN sent_away s ON s.trade_no = p.trade_no
             WHERE s.amount <> p.total_amount
            UNION ALL
            SELECT CONCAT('buyer ', c.uid, ' is counted with ', c.counts, ' of gift ', c.goods_id, ' and holds ',
                          COALESCE(h.pieces, 0))
              FROM purchase c LEFT JOIN held_by h ON h.goods_id = c.goods_id AND h.uid = c.uid
             WHERE c.counts <> COALESCE(h.pieces, 0)
            """;

    private static final String PUT_IN = """
            UNION ALL
            SELECT CONCAT('gift ', g.id, ' has ', g.stock, ' in stock and ', COALESCE(h.pieces, 0), ' in orders of %2$d')
              FROM gift g LEFT JOIN held h ON h.goods_id = g.id
             WHERE g.id = %1$d AND g.stock + COALESCE(h.pieces, 0) <> %2$d
            """;

    private static final String PAYMENTS = "SELECT trade_no, total_amount FROM payment";
    private static final String REFUNDS = "SELECT trade_no, SUM(amount) AS amount FROM refund GROUP BY trade_no";
    private static final String UNCONFIRMED = "SELECT COUNT(*) FROM refund WHERE confirmed_at IS NULL";

    private final Shop shop;
    private final Map<Long, Long> putIn;

    private Books(Shop shop, Map<Long, Long> putIn) {
        this.shop = shop;
        this.putIn = putIn;
    }

    static Books of(Shop shop) {
        return new Books(shop, Map.of());
    }

    /** Checks as well that of so many pieces of the gift none is lost and none is there twice. */
    Books with(long gift, long pieces) {
        Map<Long, Long> more = new LinkedHashMap<>(putIn);
        more.put(gift, pieces);
        return new Books(shop, more);
    }

    /** Fails with a sentence for everything that is wrong. */
    void mustBalance() {
        assertThat(shop.database()
                        .sql(statement())
                        .map(row -> String.valueOf(row.get(0, String.class)))
                        .all()
                        .collectList()
                        .block())
                .as("what is wrong in the books")
                .isEmpty();
    }

    /**
     * Waits until every refund is confirmed, then checks as well that Alipay has the same payments and refunds of these
     * orders. Call it once the shop knows of every payment.
     */
    void mustBalanceWith(LocalAlipay alipay) {
        Shop.await(() -> shop.number(UNCONFIRMED) == 0);
        mustBalance();
        Set<String> orders = shop.orderCodes();
        List<TradeView> paid = alipay.allTrades().stream()
                .filter(trade -> orders.contains(trade.outTradeNo()))
                .filter(TradeView::paid)
                .toList();
        assertThat(amounts(PAYMENTS))
                .as("payments, as at Alipay")
                .isEqualTo(by(paid, TradeView::tradeNo, TradeView::totalAmount));
        assertThat(amounts(REFUNDS))
                .as("refunds by trade, as at Alipay")
                .isEqualTo(by(
                        paid.stream()
                                .filter(trade -> trade.refunded().signum() > 0)
                                .toList(),
                        TradeView::tradeNo,
                        TradeView::refunded));
    }

    private String statement() {
        return putIn.entrySet().stream()
                .map(gift -> PUT_IN.formatted(gift.getKey(), gift.getValue()))
                .collect(Collectors.joining("", WRONG, ""));
    }

    private Map<String, BigDecimal> amounts(String query) {
        return new TreeMap<>(shop.database()
                .sql(query)
                .map(row -> Map.entry(String.valueOf(row.get(0, String.class)), row.get(1, BigDecimal.class)))
                .all()
                .collectMap(Map.Entry::getKey, Map.Entry::getValue)
                .block());
    }

    private static Map<String, BigDecimal> by(
            List<TradeView> trades, Function<TradeView, String> key, Function<TradeView, BigDecimal> amount) {
        return new TreeMap<>(trades.stream()
                .collect(Collectors.toMap(key, trade -> amount.apply(trade).setScale(2))));
    }
}
