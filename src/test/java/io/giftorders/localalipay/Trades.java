package io.giftorders.localalipay;

import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** What sellers asked for and what buyers made of it. Every {@code out_trade_no} has a lock of its own. */
final class Trades {

    private static final DateTimeFormatter DAY = DateTimeFormatter.BASIC_ISO_DATE;

    /** The order last opened under a number; a trade need not follow. */
    private final Map<String, PagePay> orders = new ConcurrentHashMap<>();

    private final Map<String, Trade> byOutTradeNo = new ConcurrentHashMap<>();
    private final Map<String, Trade> byTradeNo = new ConcurrentHashMap<>();
    private final Map<String, Boolean> timeUp = new ConcurrentHashMap<>();

    /** Numbers go on where an earlier stand-in on the same database may have stopped. */
    private final AtomicLong next = new AtomicLong(System.currentTimeMillis() * 1_000);

    /** Shows an order to a buyer; makes no trade. Fails with {@link Declined} if it could not be paid. */
    void open(PagePay order, Instant now) {
        requirePayable(order, now);
        orders.put(order.outTradeNo(), order);
    }

    /** Fails with {@link Declined} if the order could not be paid as it stands. */
    void requirePayable(PagePay order, Instant now) {
        Trade trade = byOutTradeNo.get(order.outTradeNo());
        if (trade != null) {
            trade.requirePayable(now);
            if (!trade.order().sameGoods(order)) {
                throw Declined.business("ACQ.CONTEXT_INCONSISTENT", "交易信息被篡改");
            }
        } else if (expired(order, now)) {
            throw Declined.business("ORDER_EXPIRED", "订单已过期");
        }
    }

    /** Makes the trade, unless there is one. */
    Trade login(PagePay order, Instant now) {
        Trade trade = byOutTradeNo.computeIfAbsent(order.outTradeNo(), number -> {
            if (expired(order, now)) {
                throw Declined.business("ORDER_EXPIRED", "订单已过期");
            }
            return create(order, newTradeNo(now), now);
        });
        requirePayable(order, now);
        return trade;
    }

    /** The trade of an order that was opened, made if there is none, whatever the time. */
    Trade force(PagePay order, Instant now) {
        return byOutTradeNo.computeIfAbsent(order.outTradeNo(), number -> create(order, newTradeNo(now), now));
    }

    /** One more trade for an order: only its own number finds it. */
    Trade second(PagePay order, String tradeNo, Instant now) {
        if (byTradeNo.containsKey(tradeNo)) {
            throw new IllegalArgumentException("there is a trade " + tradeNo);
        }
        return create(order, tradeNo, now);
    }

    private Trade create(PagePay order, String tradeNo, Instant now) {
        Trade trade = new Trade(tradeNo, order, now);
        byTradeNo.put(tradeNo, trade);
        return trade;
    }

    /** As if the order's {@code time_expire} were now. */
    void letTimeRunOut(String outTradeNo) {
        timeUp.put(outTradeNo, true);
        Trade trade = byOutTradeNo.get(outTradeNo);
        if (trade != null) {
            trade.letTimeRunOut();
        }
    }

    private boolean expired(PagePay order, Instant now) {
        return timeUp.containsKey(order.outTradeNo()) || order.expired(now);
    }

    /** The order that was last opened under the number. */
    PagePay order(String outTradeNo) {
        PagePay order = orders.get(outTradeNo);
        if (order == null) {
            throw new IllegalStateException("nobody opened a cashier page for " + outTradeNo);
        }
        return order;
    }

    @Nullable
    Trade find(String outTradeNo) {
        return byOutTradeNo.get(outTradeNo);
    }

    @Nullable
    Trade numbered(String tradeNo) {
        return byTradeNo.get(tradeNo);
    }

    /** Fails with {@link Declined} if there is none; a {@code trade_no} decides where both numbers are given. */
    Trade required(String tradeNo, String outTradeNo) {
        Trade trade = tradeNo.isEmpty() ? find(outTradeNo) : numbered(tradeNo);
        if (trade == null) {
            throw Declined.business("ACQ.TRADE_NOT_EXIST", "交易不存在");
        }
        return trade;
    }

    /** The first trade of every order. */
    Collection<Trade> firsts() {
        return List.copyOf(byOutTradeNo.values());
    }

    Collection<Trade> all() {
        return List.copyOf(byTradeNo.values());
    }

    private String newTradeNo(Instant now) {
        return DAY.format(now.atZone(AlipayTime.ZONE).toLocalDate()) + "2200" + next.incrementAndGet();
    }
}
