package io.giftorders.gift;

import io.giftorders.live.Frame;
import io.giftorders.live.View;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * What was shown of the gifts, as numbered editions: one event for all who saw the edition before, and one that sums up for
 * those who come back after a break. Numbers mean nothing after a pause without watchers, nor at another instance; the
 * series tells.
 */
final class Editions implements View {

    /** Something was seen that is not known here. */
    private static final long UNKNOWN = -2;

    /** Gifts in one event. Chosen: some 150 KB; who needs more is told to read the pages. */
    static final int MAX_GIFTS = 1000;

    /** Gifts in the editions that are kept for those who come back. Chosen: some 2 MB. */
    private static final int KEPT_GIFTS = 10_000;

    private final JsonMapper json;
    private final String series = Long.toHexString(ThreadLocalRandom.current().nextLong());
    private final Map<Long, Version> versions;
    private final Deque<Edition> kept = new ArrayDeque<>();
    private final Map<Long, Frame> frames = new HashMap<>();
    private int keptGifts;
    private long number;

    /** The oldest edition since which no more has changed than one event holds. */
    private long oldestSummedUp;

    private record Edition(long number, List<Gift> changed) {}

    /** @param versions of every gift, as they are now */
    Editions(JsonMapper json, Collection<Version> versions) {
        this.json = json;
        this.versions = new HashMap<>();
        versions.forEach(version -> this.versions.put(version.id(), version));
    }

    /** What somebody has seen who comes with this as {@code Last-Event-ID}. */
    synchronized long seen(@Nullable String lastEventId) {
        if (lastEventId == null) {
            return NOTHING;
        }
        String ours = series + "-";
        if (!lastEventId.startsWith(ours)
                || !lastEventId.substring(ours.length()).matches("[0-9]{1,18}")) {
            return UNKNOWN;
        }
        long seen = Long.parseLong(lastEventId.substring(ours.length()));
        return seen <= number ? seen : UNKNOWN;
    }

    /** Those of the gifts that are not as they were shown. */
    synchronized List<Version> changed(List<Version> now) {
        return now.stream()
                .filter(version -> !version.equals(versions.get(version.id())))
                .toList();
    }

    /**
     * A new edition with what is new in these gifts.
     *
     * @param now read after everything that was read for the edition before
     * @return whether there was anything new
     */
    synchronized boolean add(List<Gift> now) {
        List<Gift> changed = now.stream()
                .filter(gift -> {
                    Version version = Version.of(gift);
                    return !version.equals(versions.put(gift.id(), version));
                })
                .toList();
        if (changed.isEmpty()) {
            return false;
        }
        kept.addLast(new Edition(++number, changed));
        keptGifts += changed.size();
        while (keptGifts > KEPT_GIFTS && kept.size() > 1) {
            keptGifts -= kept.removeFirst().changed().size();
        }
        oldestSummedUp = oldestSummedUp();
        frames.clear();
        return true;
    }

    @Override
    public synchronized @Nullable Frame after(long seen) {
        return seen == number ? null : frames.computeIfAbsent(startOfSum(seen), this::frame);
    }

    private long oldestSummedUp() {
        Set<Long> changed = new HashSet<>();
        for (Iterator<Edition> newest = kept.descendingIterator(); newest.hasNext(); ) {
            Edition edition = newest.next();
            edition.changed().forEach(gift -> changed.add(gift.id()));
            if (changed.size() > MAX_GIFTS) {
                return edition.number();
            }
        }
        return kept.getFirst().number() - 1;
    }

    /**
     * What was missed, rounded up to a power of two as far as an event holds it: so a dozen frames serve all who come back,
     * whatever they say they have seen. Who is shown a gift once more may have read a newer state of it meanwhile, as after any
     * change by another instance: the next comparison puts that right.
     */
    private long startOfSum(long seen) {
        if (seen == NOTHING) {
            return NOTHING;
        }
        if (seen < oldestSummedUp || seen > number) {
            return UNKNOWN;
        }
        long missed = Long.highestOneBit(2 * (number - seen) - 1);
        return Math.max(number - missed, oldestSummedUp);
    }

    private Frame frame(long start) {
        if (start == NOTHING) {
            return event("gifts", List.of());
        }
        if (start == UNKNOWN) {
            return event("reset", Map.of());
        }
        Map<Long, Gift> changed = new HashMap<>();
        kept.descendingIterator().forEachRemaining(edition -> {
            if (edition.number() > start) {
                edition.changed().forEach(gift -> changed.putIfAbsent(gift.id(), gift));
            }
        });
        return event("gifts", changed.values());
    }

    private Frame event(String name, Object data) {
        return Frame.event(number, name, series + "-" + number, json.writeValueAsBytes(data));
    }
}
