package io.giftorders.localalipay;

import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** Where buyers log in, pay or turn away. */
final class Cashier {

    private final Trades trades;
    private final Notifier notifier;
    private final Keys keys;
    private final Account account;
    private final Map<String, PagePay> pages = new ConcurrentHashMap<>();

    Cashier(Trades trades, Notifier notifier, Keys keys, Account account) {
        this.trades = trades;
        this.notifier = notifier;
        this.keys = keys;
        this.account = account;
    }

    /** Opens a page for one buyer; what it is called. */
    String open(PagePay order) {
        trades.open(order, Instant.now());
        String page = UUID.randomUUID().toString();
        pages.put(page, order);
        return page;
    }

    /** What the page is about; fails with {@link Declined} if there is no such page. */
    PagePay order(String page) {
        PagePay order = pages.get(page);
        if (order == null) {
            throw Declined.business("NO_SUCH_PAGE", "页面不存在");
        }
        return order;
    }

    void requirePayable(PagePay order) {
        trades.requirePayable(order, Instant.now());
    }

    Trade login(PagePay order) {
        boolean known = trades.find(order.outTradeNo()) != null;
        Trade trade = trades.login(order, Instant.now());
        if (!known && order.expiresAt() != null) {
            notifier.at(order.expiresAt(), () -> tellExpiry(trade));
        }
        return trade;
    }

    /** Once, if the trade's time ran out and the seller is to hear of it. */
    void tellExpiry(Trade trade) {
        Map<String, String> notice;
        synchronized (trade) {
            if (!trade.firstToSeeExpiry(Instant.now())) {
                return;
            }
            notice = trade.notice();
        }
        if (notifier.faults().strikes(Fault.CLOSE_NOTICES, trade.order().outTradeNo(), "")) {
            notifier.send(trade.order(), notice);
        }
    }

    /**
     * Takes the money and tells the seller.
     *
     * @return where the buyer goes next, signed; empty if the seller named no address
     */
    String pay(PagePay order) {
        Trade trade = login(order);
        return settle(trade, () -> trade.pay(Instant.now()));
    }

    String forcePaid(Trade trade) {
        return settle(trade, () -> trade.forcePaid(Instant.now()));
    }

    private String settle(Trade trade, Runnable payment) {
        Map<String, String> notice;
        synchronized (trade) {
            payment.run();
            notice = trade.notice();
        }
        PagePay order = trade.order();
        if (notifier.faults().strikes(Fault.NOTIFY_BEFORE_RETURN, order.outTradeNo(), "")) {
            notifier.sendAndWait(order, notice);
        } else {
            notifier.send(order, notice);
        }
        return returnUrl(trade);
    }

    private String returnUrl(Trade trade) {
        PagePay order = trade.order();
        if (order.returnUrl().isEmpty()) {
            return "";
        }
        Map<String, String> parameters = new TreeMap<>(Map.of(
                "charset", order.charset(),
                "out_trade_no", order.outTradeNo(),
                "method", "alipay.trade.page.pay.return",
                "total_amount", order.amount(),
                "trade_no", trade.tradeNo(),
                "auth_app_id", account.appId(),
                "version", "1.0",
                "app_id", account.appId(),
                "seller_id", account.sellerId(),
                "timestamp", AlipayTime.write(Instant.now())));
        String joint = order.returnUrl().contains("?") ? "&" : "?";
        return order.returnUrl() + joint + Parameters.form(keys.sign(parameters));
    }
}
