package io.giftorders.order.placement;

import io.giftorders.gift.GiftChanges;
import io.giftorders.order.placement.Decision.Placed;
import io.giftorders.problem.Refusal;
import io.giftorders.work.Lane;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Orders that arrive together share a transaction: the cost of a COMMIT is paid once for all of them, and the row of a hot
 * gift is updated once instead of fought over.
 */
final class GroupCommit implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(GroupCommit.class);

    /** Chosen: deadlines are seconds, so a look every so often costs nothing and is exact enough. */
    private static final Duration DEADLINE_CHECK = Duration.ofMillis(20);

    /** Chosen: soon enough for a sale that begins, long enough for what happens in it to be the load and no moment of it. */
    private static final Duration LOAD_CHECK = Duration.ofSeconds(1);

    /** Stops after the web server has answered what is in flight, and before the connection pools close. */
    private static final int PHASE = 0;

    private final PlacementTransaction transaction;
    private final PlacementMetrics metrics;
    private final PlacementProperties properties;
    private final GiftChanges changes;
    private final DoubleSupplier processorLoad;
    private final Lanes lanes;
    private final AtomicInteger pending = new AtomicInteger();
    private volatile @Nullable Disposable looks;

    /** @param processorLoad what {@link Lanes#adapt} takes; may block */
    GroupCommit(
            PlacementTransaction transaction,
            PlacementMetrics metrics,
            PlacementProperties properties,
            GiftChanges changes,
            DoubleSupplier processorLoad) {
        this.transaction = transaction;
        this.metrics = metrics;
        this.properties = properties;
        this.changes = changes;
        this.processorLoad = processorLoad;
        this.lanes = new Lanes(properties, this::newLane);
        metrics.watchQueue(pending::get, properties.maxPending(), lanes::open);
    }

    /**
     * Places an order. Nothing happens before subscription; a cancel drops the order if its transaction has not started,
     * else the order stands.
     *
     * @param home where the answer is given: writing answers is most of the work, and must not hold up the lane
     * @return the order, committed; fails with a {@link Refusal} where nothing was taken, and with
     *     {@link Refusals.OutcomeUnknown} where nobody can tell
     */
    Mono<Placed> place(PlaceOrder wish, Executor home) {
        return Mono.create(buyer -> enqueue(wish, buyer, home));
    }

    private void enqueue(PlaceOrder wish, MonoSink<Placed> buyer, Executor home) {
        Lane<PendingOrder> lane = laneOf(wish);
        if (looks == null) {
            refuse(buyer, Refusals.stopping());
        } else if (lane.isFull()) {
            refuse(buyer, Refusals.overloaded());
        } else if (pending.incrementAndGet() > properties.maxPending()) {
            pending.decrementAndGet();
            refuse(buyer, Refusals.overloaded());
        } else {
            PendingOrder order = new PendingOrder(wish, buyer, home);
            buyer.onCancel(() -> drop(order));
            lane.add(order);
        }
    }

    /**
     * Whether an order would be refused whatever is in it. Asked before the cart is read, and counted: at ten times the
     * load that can be served, refusing must cost a small part of serving.
     */
    boolean turnsAway() {
        boolean full = pending.get() >= properties.maxPending() || lanes.areFull();
        if (full) {
            metrics.refused(Refusals.OVERLOADED);
        }
        return full;
    }

    /**
     * A buyer's orders meet in one lane, so that lanes have no key and no limit in common; those of a moment when one opens or
     * closes get on like those of two instances. Lanes meet at a gift's row only, where all get on with each other as long
     * as there is enough, unless the guard is that nobody else took: then orders for one gift meet in one lane, and the
     * lowest id speaks for a cart.
     */
    private Lane<PendingOrder> laneOf(PlaceOrder wish) {
        long number = properties.stockUpdate() == StockUpdate.UNCHANGED
                ? wish.cart().lines().get(0).giftId()
                : wish.uid();
        return lanes.of(number);
    }

    private void drop(PendingOrder order) {
        if (order.claim()) {
            pending.decrementAndGet();
            metrics.refused("hung-up");
        }
    }

    private Mono<Void> commit(List<PendingOrder> batch) {
        if (batch.isEmpty()) {
            return Mono.empty();
        }
        long startedAt = System.nanoTime();
        metrics.started(batch.size());
        batch.forEach(order -> metrics.waited(order.waitedNanos()));
        return transaction
                .place(batch.stream().map(PendingOrder::wish).toList())
                .doOnNext(decisions -> tell(batch, decisions))
                .doOnNext(this::mark)
                .onErrorResume(failure -> Mono.fromRunnable(() -> fail(batch, failure)))
                .doOnTerminate(() -> metrics.finished(System.nanoTime() - startedAt))
                .then();
    }

    /** Each event loop is woken once, for all the buyers it serves. */
    private void tell(List<PendingOrder> batch, List<Decision> decisions) {
        Map<Executor, List<Runnable>> byHome = new HashMap<>();
        for (int i = 0; i < batch.size(); i++) {
            PendingOrder order = batch.get(i);
            Decision decision = decisions.get(i);
            metrics.decided(decision);
            byHome.computeIfAbsent(order.home(), home -> new ArrayList<>()).add(() -> order.tell(decision));
        }
        byHome.forEach((home, answers) -> tellAt(home, () -> answers.forEach(Runnable::run)));
    }

    private static void tellAt(Executor home, Runnable answers) {
        try {
            home.execute(answers);
        } catch (RejectedExecutionException closed) {
            // the server is shutting down and these connections are gone: the answers only have to be given, anywhere
            answers.run();
        }
    }

    /** For those who watch the stock. An order that was placed before is marked in vain. */
    private void mark(List<Decision> decisions) {
        if (changes.isWatched()) {
            Set<Long> sold = new HashSet<>();
            for (Decision decision : decisions) {
                decision.tell(
                        placed -> placed.order().items().forEach(item -> sold.add(item.goodsId())), refused -> {});
            }
            changes.mark(sold);
        }
    }

    private void fail(List<PendingOrder> batch, Throwable failure) {
        if (!(failure instanceof Refusal) && !(failure instanceof CommitOutcome.Unknown)) {
            log.atError().addKeyValue("orders", batch.size()).setCause(failure).log("batch failed unexpectedly");
        }
        for (PendingOrder order : batch) {
            Throwable answer = failure instanceof CommitOutcome.Unknown
                    ? new Refusals.OutcomeUnknown(order.wish().orderCode())
                    : failure;
            metrics.refused(answer instanceof Refusal refusal ? refusal.name() : "internal-error");
            order.fail(answer);
        }
    }

    private void refuse(MonoSink<Placed> buyer, Refusal refusal) {
        metrics.refused(refusal.name());
        buyer.error(refusal);
    }

    private Lane<PendingOrder> newLane() {
        return new Lane<>(
                properties.maxBatch(),
                properties.deadline().toNanos(),
                claimed -> pending.decrementAndGet(),
                this::refuseLate,
                this::commit);
    }

    private void refuseLate(PendingOrder late) {
        Refusal refusal = Refusals.waitedTooLong();
        metrics.refused(refusal.name());
        late.fail(refusal);
    }

    @Override
    public void start() {
        Disposable.Composite both =
                Disposables.composite(looking(DEADLINE_CHECK, Schedulers.parallel(), lanes::refuseLate));
        if (lanes.isAdapting()) {
            both.add(looking(LOAD_CHECK, Schedulers.boundedElastic(), () -> lanes.adapt(processorLoad.getAsDouble())));
        }
        looks = both;
    }

    private static Disposable looking(Duration every, Scheduler scheduler, Runnable look) {
        return Flux.interval(every, scheduler)
                .onBackpressureDrop()
                .doOnNext(tick -> look.run())
                .retry()
                .subscribe();
    }

    /** Takes no more orders and comes back once every lane has finished what it has. */
    @Override
    public void stop(Runnable callback) {
        Disposable running = looks;
        looks = null;
        Flux.interval(Duration.ZERO, DEADLINE_CHECK)
                .takeUntil(tick -> lanes.areIdle())
                .doFinally(end -> {
                    if (running != null) {
                        running.dispose();
                    }
                    callback.run();
                })
                .subscribe();
    }

    @Override
    public void stop() {
        stop(() -> {});
    }

    @Override
    public boolean isRunning() {
        return looks != null;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }
}
