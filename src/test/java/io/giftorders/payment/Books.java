package io.giftorders.payment;

import static org.assertj.core.api.Assertions.assertThat;

import io.giftorders.audit.Audit;
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

/** What must be true of a shop's goods and money at every moment, whatever happened before, as the audit and Alipay have it. */
public final class Books {

    private static final String SUPPLIED = "SELECT supplied FROM gift WHERE id = ";

    private static final String PAYMENTS = "SELECT trade_no, total_amount FROM payment";
    private static final String REFUNDS = "SELECT trade_no, SUM(amount) AS amount FROM refund GROUP BY trade_no";
    private static final String UNCONFIRMED = "SELECT COUNT(*) FROM refund WHERE confirmed_at IS NULL";

    private final Shop shop;
    private final Map<Long, Long> putIn;

    private Books(Shop shop, Map<Long, Long> putIn) {
        this.shop = shop;
        this.putIn = putIn;
    }

    public static Books of(Shop shop) {
        return new Books(shop, Map.of());
    }

    /** Checks as well that of so many pieces of the gift none is lost and none is there twice. */
    public Books with(long gift, long pieces) {
        Map<Long, Long> more = new LinkedHashMap<>(putIn);
        more.put(gift, pieces);
        return new Books(shop, more);
    }

    /** Fails with a sentence for everything that is wrong. */
    public void mustBalance() {
        assertThat(shop.bean(Audit.class).check(null, null).block().differences())
                .as("what is wrong in the books")
                .isEmpty();
        putIn.forEach((gift, pieces) -> assertThat(shop.number(SUPPLIED + gift))
                .as("pieces of gift %s ever put in", gift)
                .isEqualTo(pieces));
    }

    /**
     * Waits until every refund is confirmed, then checks as well that Alipay has the same payments and refunds of these
     * orders. Call it once the shop knows of every payment.
     */
    public void mustBalanceWith(LocalAlipay alipay) {
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
