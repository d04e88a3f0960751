package io.giftorders.payment;

import io.giftorders.localalipay.LocalAlipay;
import io.giftorders.localalipay.TradeView;
import io.giftorders.shop.Shop;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.dao.TransientDataAccessException;

/** Waits until a shop that went through much has done everything that is due. */
public final class Settling {

    private static final Duration QUIET_AFTER = Duration.ofMinutes(1);

    private static final String TIME_PASSES = """
            UPDATE %s SET due_at = UTC_TIMESTAMP(6) WHERE due_at > UTC_TIMESTAMP(6) + INTERVAL 4 SECOND\
            """;

    private Settling() {}

    /**
     * Alipay works again, and time passes: leases of the killed end, and so do the pauses after many failures. Fails where
     * something is not done within a minute.
     *
     * @param books looks at the database
     * @param address of an instance that works
     */
    public static void settle(Shop books, LocalAlipay alipay, Crowd crowd, String address) {
        alipay.faults().reset();
        Shop.await(QUIET_AFTER, () -> {
            letTimePass(books, TIME_PASSES.formatted("orders") + " AND status = 1 AND closing_at IS NOT NULL");
            return books.number("SELECT COUNT(*) FROM orders WHERE status = 1") == 0;
        });
        Shop.await(QUIET_AFTER, () -> tellOfLostPayments(books, alipay, crowd, address + "/alipay/notify") == 0);
        Shop.await(QUIET_AFTER, () -> {
            letTimePass(books, TIME_PASSES.formatted("refund"));
            return books.number("SELECT COUNT(*) FROM refund WHERE confirmed_at IS NULL") == 0;
        });
        Shop.await(QUIET_AFTER, () -> books.number("SELECT COUNT(*) FROM orders WHERE status = 3") == 0);
    }

    /** A deadlock with the service, which is at work on the same rows, may end this one: the next look tries again. */
    private static void letTimePass(Shop books, String update) {
        books.database()
                .sql(update)
                .then()
                .onErrorComplete(TransientDataAccessException.class)
                .block();
    }

    /** Orders that closed long ago are not asked about any more: of what is paid for them only Alipay can tell. */
    private static int tellOfLostPayments(Shop books, LocalAlipay alipay, Crowd crowd, String notifyUrl) {
        Set<String> orders = books.orderCodes();
        Set<String> known = books.database()
                .sql("SELECT trade_no FROM payment")
                .map(row -> String.valueOf(row.get(0, String.class)))
                .all()
                .collect(Collectors.toSet())
                .block();
        List<TradeView> lost = alipay.allTrades().stream()
                .filter(trade -> orders.contains(trade.outTradeNo()) && trade.paid())
                .filter(trade -> !known.contains(trade.tradeNo()))
                .toList();
        lost.forEach(trade -> crowd.tellAgain(trade.outTradeNo(), trade.tradeNo(), notifyUrl));
        return lost.size();
    }
}
