package io.giftorders.order.placement;

import io.giftorders.database.DatabaseFailure;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.reactive.TransactionalOperator;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Decides a batch's orders and writes those that fit: all together, or each in a savepoint of its own. */
final class BatchInsertion {

    private static final Logger log = LoggerFactory.getLogger(BatchInsertion.class);

    private final OrderWriter writer;
    private final TransactionalOperator savepoint;

    BatchInsertion(OrderWriter writer, TransactionalOperator savepoint) {
        this.writer = writer;
        this.savepoint = savepoint;
    }

    /**
     * One statement for all orders; the stock goes in the same round trip where no gift has a limit. A row the database
     * refuses fails them all.
     */
    Mono<List<Decision>> together(List<PlaceOrder> batch, Allocation allocation) {
        List<Decision> decisions = new ArrayList<>(batch.size());
        batch.forEach(wish -> decisions.add(allocation.decide(wish)));
        Mono<Void> written = allocation.purchases().isEmpty()
                ? writer.insertAndTake(allocation.sales(), allocation.takings())
                : writer.insert(allocation.sales()).then(Mono.defer(() -> take(allocation)));
        return written.thenReturn(decisions);
    }

    /** A savepoint an order: where the database refuses a row, that order alone fails. */
    Mono<List<Decision>> oneByOne(List<PlaceOrder> batch, Allocation allocation) {
        return Flux.fromIterable(batch)
                .concatMap(wish -> alone(wish, allocation))
                .collectList()
                .delayUntil(decisions -> take(allocation));
    }

    private Mono<Void> take(Allocation allocation) {
        return writer.addPurchases(allocation.purchases()).then(Mono.defer(() -> writer.take(allocation.takings())));
    }

    private Mono<Decision> alone(PlaceOrder wish, Allocation allocation) {
        int before = allocation.sales().size();
        Decision decision = allocation.decide(wish);
        List<Sale> sale = List.copyOf(
                allocation.sales().subList(before, allocation.sales().size()));
        return writer.insert(sale)
                .as(savepoint::transactional)
                .thenReturn(decision)
                .onErrorResume(
                        failure -> DatabaseFailure.of(failure) == DatabaseFailure.DATA,
                        refused -> refuse(wish, refused, allocation));
    }

    /** A key that is there by now was placed by another instance: the next attempt will read it. */
    private static Mono<Decision> refuse(PlaceOrder wish, Throwable refused, Allocation allocation) {
        if (DatabaseFailure.isDuplicateKey(refused) && wish.key() != null) {
            return Mono.error(new StockConflict());
        }
        allocation.giveBackLast();
        log.atWarn().addKeyValue("cause", DatabaseFailure.summary(refused)).log("order refused by the database");
        return Mono.just(new Decision.Refused(new Refusals.Unplaceable()));
    }
}
