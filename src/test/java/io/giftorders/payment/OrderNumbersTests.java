package io.giftorders.payment;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OrderNumbersTests {

    /** Codes get a nineteenth digit in 2031. */
    @ParameterizedTest
    @ValueSource(longs = {1, 383_038_500_326_342_657L, 1_000_000_000_000_000_000L, Long.MAX_VALUE})
    void everyOrderCodeComesBackAsItWent(long orderCode) {
        assertThat(OrderNumbers.orderCode(OrderNumbers.outTradeNo(orderCode))).isEqualTo(orderCode);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "0", "-1", "01", "+1", "1_late", "x", "９", "9223372036854775808", "99999999999999999999"})
    void aNumberThatIsNoOrderCodeIsNone(String outTradeNo) {
        assertThat(OrderNumbers.orderCode(outTradeNo)).isEqualTo(-1);
    }

    @Test
    void aCodeIsAsLongAsAlipayAllows() {
        assertThat(OrderNumbers.outTradeNo(Long.MAX_VALUE)).matches("[0-9A-Za-z_]{1,64}");
    }
}
