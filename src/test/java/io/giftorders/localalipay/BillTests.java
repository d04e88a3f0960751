package io.giftorders.localalipay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.alipay.api.AlipayApiException;
import com.alipay.api.request.AlipayDataDataserviceBillDownloadurlQueryRequest;
import com.alipay.api.request.AlipayTradeRefundRequest;
import com.alipay.api.response.AlipayDataDataserviceBillDownloadurlQueryResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.charset.Charset;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** The bill of a day says what moved that day. */
class BillTests {

    private static final Charset GBK = Charset.forName("GBK");
    private static final LocalDate YESTERDAY = Bills.today().minusDays(1);
    private static final LocalAlipay ALIPAY = LocalAlipay.start();
    private static final Seller SELLER = new Seller(ALIPAY);

    @AfterAll
    static void closeShop() {
        SELLER.close();
        ALIPAY.close();
    }

    @Test
    void todayAndDaysWithoutMoneyHaveNoBill() throws AlipayApiException {
        assertThat(bill(Bills.today()).getSubCode()).isEqualTo("isv.invalid_arguments");
        assertThat(bill(YESTERDAY.minusYears(1)).getSubCode()).isEqualTo("isp.bill_not_exist");
    }

    @Test
    void aPublishedBillIsAZipOfGbkTables() throws AlipayApiException, IOException {
        String paid = Seller.newOrder();
        ALIPAY.open(SELLER.payUrl(paid));
        ALIPAY.pay(paid);
        SELLER.ask(
                new AlipayTradeRefundRequest(),
                AlipayTradeRefundRequest::setBizContent,
                "out_trade_no",
                paid,
                "out_request_no",
                "r1",
                "refund_amount",
                "8.80");
        String unpaid = Seller.newOrder();
        ALIPAY.open(SELLER.payUrl(unpaid));
        ALIPAY.login(unpaid);
        List<BillLine> lines = linesOf(paid, unpaid);
        assertThat(lines)
                .extracting(BillLine::kind, BillLine::outTradeNo, BillLine::amount, BillLine::outRequestNo)
                .containsExactly(
                        tuple(BillLine.Kind.PAYMENT, paid, new BigDecimal("88.80"), ""),
                        tuple(BillLine.Kind.REFUND, paid, new BigDecimal("8.80"), "r1"));

        ALIPAY.bills().publish(YESTERDAY, lines);
        Map<String, String> files = unzip(download(bill(YESTERDAY).getBillDownloadUrl()));

        String day = YESTERDAY.toString().replace("-", "");
        String name = ALIPAY.sellerId() + "0156_" + day;
        assertThat(files).containsOnlyKeys(name + "_业务明细.csv", name + "_业务明细(汇总).csv");
        List<String> detail =
                new ArrayList<>(files.get(name + "_业务明细.csv").lines().toList());
        assertThat(detail.get(4)).startsWith("支付宝交易号,商户订单号,业务类型,商品名称,").endsWith(",服务费（元）,分润（元）,备注");
        String tradeNo = ALIPAY.trade(paid).tradeNo();
        assertThat(detail.get(5)).startsWith(tradeNo + "\t," + paid + "\t,交易\t,两只茶杯 + Tee\t,");
        assertThat(detail.get(5)).contains("\t,88.80\t,88.80\t,");
        assertThat(detail.get(6))
                .contains("\t,退款\t,")
                .contains("\t,-8.80\t,-8.80\t,")
                .contains("\t,r1\t,");
        assertThat(detail.get(5).chars().filter(one -> one == ',').count())
                .isEqualTo(detail.get(4).chars().filter(one -> one == ',').count());
        assertThat(detail.get(8)).isEqualTo("#交易合计：1笔，商家实收共88.80元，商家优惠共0.00元");
        assertThat(detail).hasSize(11);
        assertThat(files.get(name + "_业务明细(汇总).csv")).contains("合计\t,\t,1\t,1\t,80.00\t,");
    }

    @Test
    void aLineMayBeAlteredBeforeTheBillIsPublished() throws AlipayApiException, IOException {
        String paid = Seller.newOrder();
        ALIPAY.open(SELLER.payUrl(paid));
        ALIPAY.pay(paid);
        List<BillLine> altered = linesOf(paid).stream()
                .map(line -> line.withAmount(new BigDecimal("88.79")))
                .toList();

        ALIPAY.bills().publish(Bills.today(), altered);

        Map<String, String> files = unzip(download(bill(Bills.today()).getBillDownloadUrl()));
        assertThat(files.values()).anyMatch(text -> text.contains(paid + "\t,") && text.contains("\t,88.79\t,"));
    }

    private static AlipayDataDataserviceBillDownloadurlQueryResponse bill(LocalDate day) throws AlipayApiException {
        return SELLER.ask(
                new AlipayDataDataserviceBillDownloadurlQueryRequest(),
                AlipayDataDataserviceBillDownloadurlQueryRequest::setBizContent,
                "bill_type",
                "trade",
                "bill_date",
                day.toString());
    }

    /** The tests share a day. */
    private static List<BillLine> linesOf(String... orders) {
        return ALIPAY.bills().lines(Bills.today()).stream()
                .filter(line -> Set.of(orders).contains(line.outTradeNo()))
                .toList();
    }

    private static byte[] download(String url) throws IOException {
        try (InputStream in = URI.create(url).toURL().openStream()) {
            return in.readAllBytes();
        }
    }

    private static Map<String, String> unzip(byte[] zip) throws IOException {
        Map<String, String> files = new LinkedHashMap<>();
        try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(zip), GBK)) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                files.put(entry.getName(), new String(in.readAllBytes(), GBK));
            }
        }
        return files;
    }
}
