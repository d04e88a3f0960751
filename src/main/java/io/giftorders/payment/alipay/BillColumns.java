package io.giftorders.payment.alipay;

import io.giftorders.payment.alipay.Bill.Kind;
import io.giftorders.payment.alipay.Bill.Line;
import java.math.BigDecimal;
import java.util.List;
import org.apache.commons.csv.CSVRecord;
import org.jspecify.annotations.Nullable;

/**
 * Where a bill has what counts. Alipay adds columns now and then and writes the unit with brackets of either width, so
 * they are found by how their names begin.
 */
record BillColumns(int tradeNo, int outTradeNo, int kind, int amount, int outRequestNo) {

    /** From the line of names; null where it is not that of a list of movements. */
    static @Nullable BillColumns of(CSVRecord names) {
        List<String> all = names.toList();
        BillColumns columns = new BillColumns(
                column(all, "支付宝交易号"),
                column(all, "商户订单号"),
                column(all, "业务类型"),
                column(all, "订单金额"),
                column(all, "退款批次号"));
        boolean complete = Math.min(columns.tradeNo, columns.outTradeNo) >= 0
                && Math.min(columns.kind, columns.amount) >= 0
                && columns.outRequestNo >= 0;
        return complete ? columns : null;
    }

    /** The movement of a line; null where it is neither payment nor refund, such as a sum. */
    @Nullable
    Line line(CSVRecord values) throws UnexpectedAnswer {
        if (values.size() <= kind) {
            return null;
        }
        Kind known =
                switch (values.get(kind)) {
                    case "交易" -> Kind.PAYMENT;
                    case "退款" -> Kind.REFUND;
                    default -> null;
                };
        return known == null ? null : line(known, values);
    }

    private Line line(Kind known, CSVRecord values) throws UnexpectedAnswer {
        if (values.size() <= Math.max(amount, outRequestNo)) {
            throw new UnexpectedAnswer("a bill with a line cut short");
        }
        // some bills write refunds with a minus, some without
        String yuan = values.get(amount);
        BigDecimal moved = Wire.amount(known == Kind.REFUND && yuan.startsWith("-") ? yuan.substring(1) : yuan);
        if (moved == null) {
            throw new UnexpectedAnswer("a bill with an amount that is none");
        }
        String requestNo = values.get(outRequestNo);
        return new Line(
                known,
                values.get(tradeNo),
                values.get(outTradeNo),
                moved,
                known == Kind.PAYMENT || requestNo.isEmpty() ? null : requestNo);
    }

    private static int column(List<String> names, String beginning) {
        for (int at = 0; at < names.size(); at++) {
            if (names.get(at).startsWith(beginning)) {
                return at;
            }
        }
        return -1;
    }
}
