package io.giftorders.localalipay;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.Charset;
import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** A day's bill as Alipay packs it: two tables of GBK text in a zip file, with a tab after every value for spreadsheets. */
record BillFile(String sellerId, LocalDate day, List<BillLine> lines) {

    private static final Charset GBK = Charset.forName("GBK");
    private static final DateTimeFormatter CHINESE_DAY = DateTimeFormatter.ofPattern("yyyy年MM月dd日 00:00:00");
    private static final BigDecimal FEE = new BigDecimal("0.006");

    private static final String DETAIL = """
            #支付宝业务明细查询
            #账号：[%1$s]
            #起始日期：[%2$s]   终止日期：[%3$s]
            #-----------------------------------------业务明细列表----------------------------------------
            支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,门店编号,门店名称,操作员,终端号,对方账户,\
            订单金额（元）,商家实收（元）,支付宝红包（元）,集分宝（元）,支付宝优惠（元）,商家优惠（元）,券核销金额（元）,券名称,\
            商家红包消费金额（元）,卡消费金额（元）,退款批次号/请求号,服务费（元）,分润（元）,备注
            %4$s#-----------------------------------------业务明细列表结束------------------------------------
            #交易合计：%5$s笔，商家实收共%6$s元，商家优惠共0.00元
            #退款合计：%7$s笔，商家实收退款共%8$s元，商家优惠退款共0.00元
            #导出时间：[%9$s]
            """;

    private static final String SUMMARY = """
            #支付宝业务汇总查询
            #账号：[%1$s]
            #起始日期：[%2$s]   终止日期：[%3$s]
            #-----------------------------------------业务汇总列表----------------------------------------
            门店编号,门店名称,交易订单总笔数,退款订单总笔数,订单金额（元）,商家实收（元）,支付宝优惠（元）,商家优惠（元）,\
            卡消费金额（元）,服务费（元）,分润（元）,实收净额（元）
            合计\t,\t,%4$s\t,%5$s\t,%6$s\t,%6$s\t,0.00\t,0.00\t,0.00\t,%7$s\t,0.00\t,%8$s\t
            #-----------------------------------------业务汇总列表结束------------------------------------
            #导出时间：[%9$s]
            """;

    byte[] zip() {
        String name = sellerId + "0156_" + DateTimeFormatter.BASIC_ISO_DATE.format(day);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes, GBK)) {
            add(zip, name + "_业务明细.csv", detail());
            add(zip, name + "_业务明细(汇总).csv", summary());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return bytes.toByteArray();
    }

    private static void add(ZipOutputStream zip, String name, String text) throws IOException {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(text.replace("\n", "\r\n").getBytes(GBK));
        zip.closeEntry();
    }

    private String detail() {
        return DETAIL.formatted(
                account(),
                CHINESE_DAY.format(day),
                CHINESE_DAY.format(day.plusDays(1)),
                lines.stream().map(BillFile::row).collect(Collectors.joining()),
                count(BillLine.Kind.PAYMENT),
                sum(BillLine.Kind.PAYMENT),
                count(BillLine.Kind.REFUND),
                sum(BillLine.Kind.REFUND),
                AlipayTime.write(Instant.now()));
    }

    private String summary() {
        BigDecimal net = sum(BillLine.Kind.PAYMENT).subtract(sum(BillLine.Kind.REFUND));
        BigDecimal fee = fee(net);
        return SUMMARY.formatted(
                account(),
                CHINESE_DAY.format(day),
                CHINESE_DAY.format(day.plusDays(1)),
                count(BillLine.Kind.PAYMENT),
                count(BillLine.Kind.REFUND),
                net,
                fee,
                net.add(fee),
                AlipayTime.write(Instant.now()));
    }

    private String account() {
        return sellerId + "0156";
    }

    private long count(BillLine.Kind kind) {
        return lines.stream().filter(line -> line.kind() == kind).count();
    }

    private BigDecimal sum(BillLine.Kind kind) {
        return lines.stream()
                .filter(line -> line.kind() == kind)
                .map(BillLine::amount)
                .reduce(new BigDecimal("0.00"), BigDecimal::add);
    }

    private static String row(BillLine line) {
        boolean refund = line.kind() == BillLine.Kind.REFUND;
        BigDecimal amount = refund ? line.amount().negate() : line.amount();
        return Stream.of(
                        line.tradeNo(),
                        line.outTradeNo(),
                        refund ? "退款" : "交易",
                        line.subject().replace(',', '，'),
                        AlipayTime.write(line.createdAt()),
                        AlipayTime.write(line.completedAt()),
                        "",
                        "",
                        "",
                        "",
                        "*(159****5620)",
                        amount.toPlainString(),
                        amount.toPlainString(),
                        "0.00",
                        "0.00",
                        "0.00",
                        "0.00",
                        "0.00",
                        "",
                        "0.00",
                        "0.00",
                        line.outRequestNo(),
                        fee(amount).toPlainString(),
                        "0.00",
                        "")
                .map(value -> value + "\t")
                .collect(Collectors.joining(",", "", "\n"));
    }

    /** What Alipay keeps of a payment, negative; of a refund it comes back. */
    private static BigDecimal fee(BigDecimal amount) {
        return amount.multiply(FEE).setScale(2, RoundingMode.HALF_UP).negate();
    }
}
