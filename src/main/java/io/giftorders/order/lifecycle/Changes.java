package io.giftorders.order.lifecycle;

import io.giftorders.database.Shield;
import io.giftorders.gift.GiftChanges;
import io.giftorders.order.OrderChanges;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;

/** What a transaction changed, to be told to those who watch once it is over. */
final class Changes {

    private final Set<Long> orders = ConcurrentHashMap.newKeySet();
    private final Set<Long> gifts = ConcurrentHashMap.newKeySet();

    /** Who is told. */
    record Readers(OrderChanges orders, GiftChanges gifts) {}

    /**
     * Runs a transaction, and tells then what was changed in it. Where it failed nothing may have changed, or everything
     * where the answer to COMMIT was lost: it is told all the same.
     */
    static <T> Mono<T> told(Readers readers, Supplier<Mono<T>> transaction) {
        return Mono.defer(() -> {
                    Changes changes = new Changes();
                    return transaction
                            .get()
                            .contextWrite(context -> context.put(Changes.class, changes))
                            .doOnTerminate(() -> changes.tell(readers));
                })
                .as(Shield::uncancelled);
    }

    private void tell(Readers readers) {
        readers.orders().mark(orders);
        readers.gifts().mark(gifts);
    }

    /** Notes, inside {@link #told}, that these orders change. */
    static Mono<Void> ofOrders(Collection<Long> orderCodes) {
        return Mono.deferContextual(context -> {
            context.<Changes>get(Changes.class).orders.addAll(orderCodes);
            return Mono.empty();
        });
    }

    /** Notes, inside {@link #told}, that the stock of these gifts changes. */
    static Mono<Void> ofGifts(Collection<Long> giftIds) {
        return Mono.deferContextual(context -> {
            context.<Changes>get(Changes.class).gifts.addAll(giftIds);
            return Mono.empty();
        });
    }
}
