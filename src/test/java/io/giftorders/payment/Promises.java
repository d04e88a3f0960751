package io.giftorders.payment;

import static org.assertj.core.api.Assertions.assertThat;

import io.giftorders.localalipay.Delivery;
import io.giftorders.localalipay.LocalAlipay;
import io.giftorders.shop.Shop;
import io.giftorders.shop.Shop.Answer;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.web.util.UriComponentsBuilder;

/** What a shop said was done. Once said it is true, whatever happens to the instance that said it. */
public final class Promises {

    private final Map<String, String> amounts = new ConcurrentHashMap<>();
    private final Set<String> linked = ConcurrentHashMap.newKeySet();
    private final Set<String> shipped = ConcurrentHashMap.newKeySet();
    private final Set<String> received = ConcurrentHashMap.newKeySet();
    private final Set<String> closed = ConcurrentHashMap.newKeySet();
    private final Set<String> paidAnyhow = ConcurrentHashMap.newKeySet();
    private final Set<String> refunds = ConcurrentHashMap.newKeySet();

    /** How many there are. */
    public int count() {
        return Stream.of(linked, shipped, received, closed, refunds)
                .mapToInt(Set::size)
                .reduce(amounts.size(), Integer::sum);
    }

    /** Codes of orders that have a pay link. */
    public List<String> payable() {
        return List.copyOf(linked);
    }

    /** Codes of orders that were acknowledged. */
    public Set<String> orders() {
        return Set.copyOf(amounts.keySet());
    }

    void ordered(Answer order) {
        amounts.put(order.orderCode(), String.valueOf(order.body().get("total_amount")));
    }

    void linked(String orderCode) {
        linked.add(orderCode);
    }

    void shipped(String orderCode) {
        shipped.add(orderCode);
    }

    void received(String orderCode) {
        received.add(orderCode);
    }

    void closed(String orderCode) {
        closed.add(orderCode);
    }

    /** Money came for it against Alipay's own rules: a closed order may live again. */
    void paidAnyhow(String orderCode) {
        paidAnyhow.add(orderCode);
    }

    /** @param money the answer to a refund: every refund that it lists */
    void refunded(Answer money) {
        if (money.body().get("refunds") instanceof List<?> listed) {
            listed.forEach(one -> refunds.add(refund((Map<?, ?>) one)));
        }
    }

    private static String refund(Map<?, ?> refund) {
        return refund.get("trade_no") + " " + refund.get("out_request_no") + " " + refund.get("amount");
    }

    public void mustBeKept(Shop books, LocalAlipay alipay) {
        assertThat(texts(books, "SELECT CONCAT(order_code, ' ', total_amount) FROM orders"))
                .as("orders that were acknowledged")
                .containsAll(amounts.entrySet().stream()
                        .map(order -> order.getKey() + " " + order.getValue())
                        .toList());
        assertThat(texts(books, "SELECT CAST(order_code AS CHAR) FROM orders WHERE pay_link_at IS NOT NULL"))
                .as("orders with a pay link")
                .containsAll(linked);
        assertThat(texts(books, "SELECT CAST(order_code AS CHAR) FROM orders WHERE shipped_at IS NOT NULL"))
                .as("orders that were shipped")
                .containsAll(shipped);
        assertThat(texts(books, "SELECT CAST(order_code AS CHAR) FROM orders WHERE status IN (4, 6)"))
                .as("orders that were received")
                .containsAll(received);
        assertThat(texts(books, "SELECT CAST(order_code AS CHAR) FROM orders WHERE status = 5"))
                .as("orders that were closed")
                .containsAll(closed.stream()
                        .filter(order -> !paidAnyhow.contains(order))
                        .toList());
        assertThat(texts(books, "SELECT CONCAT(trade_no, ' ', out_request_no, ' ', amount) FROM refund"))
                .as("refunds that were accepted")
                .containsAll(refunds);
        assertThat(texts(books, "SELECT trade_no FROM payment"))
                .as("payments that Alipay was told success for")
                .containsAll(paymentsToldSuccess(alipay));
    }

    private Set<String> paymentsToldSuccess(LocalAlipay alipay) {
        return alipay.deliveries().stream()
                .filter(Delivery::accepted)
                .filter(delivery -> amounts.containsKey(delivery.outTradeNo()))
                .map(delivery -> Parameter.in(delivery.form()))
                .filter(notify -> "TRADE_SUCCESS".equals(notify.get("trade_status")))
                .filter(notify -> !notify.containsKey("refund_fee"))
                .map(notify -> notify.get("trade_no"))
                .collect(Collectors.toSet());
    }

    private static Collection<String> texts(Shop books, String query) {
        return books.database()
                .sql(query)
                .map(row -> String.valueOf(row.get(0, String.class)))
                .all()
                .collect(Collectors.toSet())
                .block();
    }

    @Override
    public String toString() {
        return amounts.size() + " orders, " + linked.size() + " linked, " + shipped.size() + " shipped, "
                + received.size() + " received, " + closed.size() + " cancelled, " + paidAnyhow.size()
                + " paid too late or twice, " + refunds.size() + " refunds";
    }

    /** The parameters of a form. */
    private static final class Parameter {

        private Parameter() {}

        static Map<String, String> in(String form) {
            return UriComponentsBuilder.fromUriString("?" + form)
                    .build(true)
                    .getQueryParams()
                    .toSingleValueMap();
        }
    }
}
