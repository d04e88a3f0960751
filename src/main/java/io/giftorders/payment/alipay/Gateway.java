package io.giftorders.payment.alipay;

import com.alipay.api.AlipayApiException;
import com.alipay.api.AlipayConfig;
import com.alipay.api.AlipayRequest;
import com.alipay.api.AlipayResponse;
import com.alipay.api.domain.AlipayDataDataserviceBillDownloadurlQueryModel;
import com.alipay.api.domain.AlipayTradeCloseModel;
import com.alipay.api.domain.AlipayTradeFastpayRefundQueryModel;
import com.alipay.api.domain.AlipayTradePagePayModel;
import com.alipay.api.domain.AlipayTradeQueryModel;
import com.alipay.api.domain.AlipayTradeRefundModel;
import com.alipay.api.request.AlipayDataDataserviceBillDownloadurlQueryRequest;
import com.alipay.api.request.AlipayTradeCloseRequest;
import com.alipay.api.request.AlipayTradeFastpayRefundQueryRequest;
import com.alipay.api.request.AlipayTradePagePayRequest;
import com.alipay.api.request.AlipayTradeQueryRequest;
import com.alipay.api.request.AlipayTradeRefundRequest;
import io.giftorders.problem.CannotStart;
import java.net.URI;
import java.time.LocalDate;

/** The calls as Alipay has them, through its SDK. Every method but {@link #payLink} waits for the network. */
final class Gateway {

    private final SdkClient client;
    private final Settings settings;
    private final boolean certificates;

    Gateway(Settings settings, Keys keys, Transport transport) {
        this.settings = settings;
        this.certificates = keys.withCertificates();
        this.client = client(settings, keys, transport);
    }

    /** Made here, without the network; costs a signature. */
    URI payLink(PayRequest pay) throws AlipayApiException {
        AlipayTradePagePayModel model = new AlipayTradePagePayModel();
        model.setOutTradeNo(pay.outTradeNo());
        model.setTotalAmount(Wire.amount(pay.totalAmount()));
        model.setSubject(Subject.of(pay));
        model.setProductCode("FAST_INSTANT_TRADE_PAY");
        model.setTimeExpire(Wire.time(pay.expiresAt()));
        AlipayTradePagePayRequest request = new AlipayTradePagePayRequest();
        request.setBizModel(model);
        request.setNotifyUrl(settings.notifyUrl().toString());
        request.setReturnUrl(settings.returnUrl().toString());
        return URI.create(client.pageExecute(request, "GET").getBody());
    }

    Answer query(String outTradeNo) throws AlipayApiException, UnexpectedAnswer {
        AlipayTradeQueryModel model = new AlipayTradeQueryModel();
        model.setOutTradeNo(outTradeNo);
        AlipayTradeQueryRequest request = new AlipayTradeQueryRequest();
        request.setBizModel(model);
        return send(request);
    }

    Answer close(String outTradeNo) throws AlipayApiException, UnexpectedAnswer {
        AlipayTradeCloseModel model = new AlipayTradeCloseModel();
        model.setOutTradeNo(outTradeNo);
        AlipayTradeCloseRequest request = new AlipayTradeCloseRequest();
        request.setBizModel(model);
        return send(request);
    }

    Answer refund(RefundRequest refund) throws AlipayApiException, UnexpectedAnswer {
        AlipayTradeRefundModel model = new AlipayTradeRefundModel();
        model.setTradeNo(refund.tradeNo());
        model.setOutRequestNo(refund.outRequestNo());
        model.setRefundAmount(Wire.amount(refund.amount()));
        model.setRefundReason(refund.reason());
        AlipayTradeRefundRequest request = new AlipayTradeRefundRequest();
        request.setBizModel(model);
        return send(request);
    }

    Answer refundState(String tradeNo, String outRequestNo) throws AlipayApiException, UnexpectedAnswer {
        AlipayTradeFastpayRefundQueryModel model = new AlipayTradeFastpayRefundQueryModel();
        model.setTradeNo(tradeNo);
        model.setOutRequestNo(outRequestNo);
        AlipayTradeFastpayRefundQueryRequest request = new AlipayTradeFastpayRefundQueryRequest();
        request.setBizModel(model);
        return send(request);
    }

    Answer billUrl(LocalDate day) throws AlipayApiException, UnexpectedAnswer {
        AlipayDataDataserviceBillDownloadurlQueryModel model = new AlipayDataDataserviceBillDownloadurlQueryModel();
        model.setBillType("trade");
        model.setBillDate(day.toString());
        AlipayDataDataserviceBillDownloadurlQueryRequest request =
                new AlipayDataDataserviceBillDownloadurlQueryRequest();
        request.setBizModel(model);
        return send(request);
    }

    private <T extends AlipayResponse> Answer send(AlipayRequest<T> request)
            throws AlipayApiException, UnexpectedAnswer {
        T response = certificates ? client.certificateExecute(request) : client.execute(request);
        return Answer.of(response.getBody(), request.getApiMethodName(), certificates);
    }

    private static SdkClient client(Settings settings, Keys keys, Transport transport) {
        AlipayConfig configuration = new AlipayConfig();
        configuration.setServerUrl(settings.gateway().toString());
        configuration.setAppId(settings.account().appId());
        configuration.setCustomizedHttpClient(transport);
        keys.configure(configuration);
        try {
            return new SdkClient(configuration);
        } catch (AlipayApiException refused) {
            throw new CannotStart("Alipay's SDK does not take the certificates in GIFT_ORDERS_ALIPAY_KEYS: download all"
                    + " three anew from Alipay's console, as alipay-keys/README.md says.");
        }
    }
}
