package io.giftorders.payment.alipay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.giftorders.payment.alipay.Bill.Kind;
import io.giftorders.payment.alipay.Bill.Line;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How a day's bill is fetched and read. */
class BillTests {

    private static final Duration WAIT = Duration.ofSeconds(60);
    private static final LocalDate DAY = LocalDate.of(2026, 11, 22);
    private static final Charset GBK = Charset.forName("GBK");
    private static final String NAMES = "支付宝交易号,商户订单号,业务类型,商品名称,完成时间,订单金额（元）,商家实收（元）,退款批次号/请求号,备注\n";
    private static final String MOVEMENTS = "#支付宝业务明细查询\n#账号：[20880000000000010156]\n#----业务明细列表----\n"
            + NAMES
            + "t1\t,o1\t,交易\t,\"绿茶, 100g\"\t,2026-11-22 10:00:05\t,88.80\t,88.80\t,\t,\t\n"
            + "t1\t,o1\t,退款\t,绿茶\t,2026-11-22 11:00:05\t,-30.00\t,-30.00\t,r1\t,\t\n"
            + "t2\t,o2\t,退款\t,绿茶\t,2026-11-22 11:00:05\t,12.00\t,12.00\t,\t,\t\n"
            + "t3\t,o3\t,其它\t,绿茶\t,2026-11-22 11:00:05\t,x\t,x\t,\t,\t\n"
            + "#----业务明细列表结束----\n#交易合计：1笔\n";
    private static final String SUMS = """
            #支付宝业务汇总查询
            门店编号,门店名称,交易订单总笔数,退款订单总笔数,订单金额（元）
            合计\t,\t,1\t,2\t,46.80\t
            """;

    private final GatewayStub gateway = new GatewayStub();
    private final Alipay alipay = gateway.alipay();

    @AfterEach
    void close() {
        gateway.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"GBK", "UTF-8"})
    void aBillListsPaymentsAndRefunds(String charset) throws Exception {
        String mark = charset.equals("UTF-8") ? "\uFEFF" : "";
        serve(zip("业务明细(汇总).csv", (mark + SUMS).getBytes(charset), "业务明细.csv", (mark + MOVEMENTS).getBytes(charset)));

        assertThat(alipay.bill(DAY).block(WAIT).lines())
                .containsExactly(
                        new Line(Kind.PAYMENT, "t1", "o1", new BigDecimal("88.80"), null),
                        new Line(Kind.REFUND, "t1", "o1", new BigDecimal("30.00"), "r1"),
                        new Line(Kind.REFUND, "t2", "o2", new BigDecimal("12.00"), null));
        assertThat(gateway.requests().get(0))
                .containsEntry("method", "alipay.data.dataservice.bill.downloadurl.query")
                .containsEntry("biz_content", "{\"bill_date\":\"2026-11-22\",\"bill_type\":\"trade\"}");
    }

    @Test
    void aDayWithoutMovementsHasAnEmptyBill() throws Exception {
        serve(zip("a.csv", ("#nothing\n" + NAMES).getBytes(GBK)));

        assertThat(alipay.bill(DAY).block(WAIT).lines()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"isp.bill_not_exist", "BILL_NOT_EXIST", "isp.bill-not-exist"})
    void aDayWithoutABillHasNone(String subCode) {
        gateway.answersSigned("{\"code\":\"40004\",\"sub_code\":\"" + subCode + "\"}");

        assertThat(alipay.bill(DAY).blockOptional(WAIT)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "t1,o1,交易,绿茶,2026,88.8.0,1,,",
                "t1,o1,交易,绿茶,2026,-88.80,1,,",
                "t1,o1,退款,绿茶,2026,--88.80,1,,",
                "t1,o1,交易",
                "\"t1,o1,交易,绿茶,2026,88.80,1,,"
            })
    void aBillWithALineThatIsUnclearIsNotReadAtAll(String line) throws Exception {
        serve(zip("a.csv", (NAMES + line + "\n").getBytes(GBK)));

        assertUnavailable();
    }

    @Test
    void whatIsNoBillIsNotRead() throws Exception {
        for (byte[] archive : List.of(
                new byte[0],
                "<html>".getBytes(GBK),
                zip(),
                zip("a.csv", SUMS.getBytes(GBK)),
                zip("a.csv", MOVEMENTS.getBytes(GBK), "b.csv", MOVEMENTS.getBytes(GBK)),
                zip("a.csv", (NAMES + "t1,o1,交易,").getBytes(StandardCharsets.UTF_16)))) {
            serve(archive);
            assertUnavailable();
        }
        gateway.answersSigned("{\"code\":\"10000\"}");
        assertUnavailable();
        gateway.answersSigned("{\"code\":\"10000\",\"bill_download_url\":\"not a url\"}");
        assertUnavailable();
    }

    /** Each packs to less than a hundred kilobytes; skipped or not, the bound holds. */
    @Test
    void anArchiveThatUnpacksWithoutEndIsNotRead() throws Exception {
        byte[] endless = new byte[BillArchive.MAX_UNPACKED + 1];

        assertThatThrownBy(() -> BillArchive.read(zip("a.csv", endless))).isInstanceOf(UnexpectedAnswer.class);
        endless[0] = 'a';
        endless[1] = '\n';
        assertThatThrownBy(() -> BillArchive.read(zip("a.csv", endless, "b.csv", MOVEMENTS.getBytes(GBK))))
                .isInstanceOf(UnexpectedAnswer.class)
                .hasMessage("a bill that cannot be read");

        Map<String, byte[]> many = new LinkedHashMap<>();
        for (int file = 0; file < 17; file++) {
            many.put(file + ".csv", SUMS.getBytes(GBK));
        }
        assertThatThrownBy(() -> BillArchive.read(zip(many))).hasMessage("a bill of too many files");
    }

    private void assertUnavailable() {
        assertThatThrownBy(() -> alipay.bill(DAY).block(WAIT)).isInstanceOf(AlipayUnavailable.class);
    }

    private void serve(byte[] archive) {
        String path = "/bill" + System.nanoTime();
        gateway.server().createContext(path, exchange -> {
            exchange.sendResponseHeaders(200, archive.length == 0 ? -1 : archive.length);
            exchange.getResponseBody().write(archive);
            exchange.close();
        });
        gateway.answersSigned(
                "{\"code\":\"10000\",\"bill_download_url\":\"" + gateway.url().replace("/gateway.do", path) + "\"}");
    }

    private static byte[] zip(Object... namesAndContents) throws IOException {
        Map<String, byte[]> files = new LinkedHashMap<>();
        for (int at = 0; at < namesAndContents.length; at += 2) {
            files.put((String) namesAndContents[at], (byte[]) namesAndContents[at + 1]);
        }
        return zip(files);
    }

    /** Names in GBK, as Alipay writes them. */
    private static byte[] zip(Map<String, byte[]> files) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes, GBK)) {
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                zip.putNextEntry(new ZipEntry(file.getKey()));
                zip.write(file.getValue());
                zip.closeEntry();
            }
        }
        return bytes.toByteArray();
    }
}
