package io.giftorders.localalipay;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The bills of past days, from the trades unless a test published another one. */
public final class Bills {

    /** alipay.md section 5. */
    private static final Duration VALID = Duration.ofSeconds(30);

    private final Trades trades;
    private final String sellerId;
    private final Map<LocalDate, List<BillLine>> published = new ConcurrentHashMap<>();
    private final Map<String, Ticket> tickets = new ConcurrentHashMap<>();

    Bills(Trades trades, String sellerId) {
        this.trades = trades;
        this.sellerId = sellerId;
    }

    /** What moved on a day of Alipay's, today included; the list may be changed and published. */
    public List<BillLine> lines(LocalDate day) {
        List<BillLine> lines = new ArrayList<>();
        for (Trade trade : trades.all()) {
            Instant paidAt = trade.paidAt();
            if (paidAt != null && dayOf(paidAt).equals(day)) {
                lines.add(payment(trade, paidAt));
            }
            trade.refunds().forEach((number, refund) -> {
                if (dayOf(refund.at()).equals(day)) {
                    lines.add(refund(trade, number, refund));
                }
            });
        }
        lines.sort(Comparator.comparing(BillLine::completedAt));
        return lines;
    }

    private static BillLine payment(Trade trade, Instant paidAt) {
        PagePay order = trade.order();
        return new BillLine(
                BillLine.Kind.PAYMENT,
                trade.tradeNo(),
                order.outTradeNo(),
                order.subject(),
                order.totalAmount(),
                "",
                trade.createdAt(),
                paidAt);
    }

    private static BillLine refund(Trade trade, String number, Trade.Refund refund) {
        PagePay order = trade.order();
        return new BillLine(
                BillLine.Kind.REFUND,
                trade.tradeNo(),
                order.outTradeNo(),
                order.subject(),
                refund.amount(),
                number,
                trade.createdAt(),
                refund.at());
    }

    /** Makes these lines the bill of that day, which may be today. */
    public void publish(LocalDate day, List<BillLine> lines) {
        published.put(day, List.copyOf(lines));
    }

    /** Today in China. */
    public static LocalDate today() {
        return dayOf(Instant.now());
    }

    private static LocalDate dayOf(Instant time) {
        return time.atZone(AlipayTime.ZONE).toLocalDate();
    }

    /** The path and query of a day's bill, good for half a minute. Fails with {@link Declined} where there is none. */
    String ticket(String type, String date) {
        LocalDate day = day(date);
        if (!published.containsKey(day) && !day.isBefore(today())) {
            throw Declined.business("isv.invalid_arguments", "参数不合法");
        }
        List<BillLine> lines = published.getOrDefault(day, lines(day));
        if (!type.equals("trade") || lines.isEmpty()) {
            throw Declined.business("isp.bill_not_exist", "账单不存在");
        }
        String id = UUID.randomUUID().toString();
        tickets.put(
                id, new Ticket(new BillFile(sellerId, day, lines), Instant.now().plus(VALID)));
        return "/downloadBillFile.resource?bizType=trade&fileType=csv.zip&bizDates=" + date.replace("-", "")
                + "&fileId=" + id;
    }

    private static LocalDate day(String date) {
        try {
            return LocalDate.parse(date);
        } catch (DateTimeParseException unreadable) {
            throw Declined.business("isv.invalid_arguments", "参数不合法");
        }
    }

    /** The zip file; null if there is none or its time is over. */
    byte @Nullable [] file(String id) {
        Ticket ticket = tickets.get(id);
        return ticket == null || Instant.now().isAfter(ticket.validUntil) ? null : ticket.file.zip();
    }

    private record Ticket(BillFile file, Instant validUntil) {}
}
