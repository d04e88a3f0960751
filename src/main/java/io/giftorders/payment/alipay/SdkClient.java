package io.giftorders.payment.alipay;

import com.alipay.api.AlipayApiException;
import com.alipay.api.AlipayConfig;
import com.alipay.api.DefaultAlipayClient;

/** The SDK's client without the two signatures it makes and checks per answer to see whether Alipay's key is our own. */
class SdkClient extends DefaultAlipayClient {

    SdkClient(AlipayConfig configuration) throws AlipayApiException {
        super(configuration);
    }

    /** {@link Keys} finds that mistake when the service starts. Measured: 390 to 580 queries a second. */
    @Override
    public boolean checkAlipayPublicKey() {
        return false;
    }
}
