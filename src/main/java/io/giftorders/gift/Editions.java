package io.giftorders.gift;

import io.giftorders.live.Frame;
import io.giftorders.live.View;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
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
        frames.clear();
        return true;
    }

    @Override
    public synchronized @Nullable Frame after(long seen) {
        return seen == number ? null : frames.computeIfAbsent(startOfSum(seen), this::frame);
    }

    /**
     * What was missed, rounded up to a power of two: so a dozen frames serve all who come back, whatever they say they have
     * seen. To be shown once more how a gift is now does no harm.
     */
    private long startOfSum(long seen) {
        if (seen == NOTHING) {
            return NOTHING;
        }
        // without any edition kept, nothing was ever changed, and nobody can have seen less than now
        boolean known =
                seen >= 0 && seen < number && !kept.isEmpty() && kept.getFirst().number() <= seen + 1;
        if (!known) {
            return UNKNOWN;
        }
        long missed = Long.highestOneBit(2 * (number - seen) - 1);
        return Math.max(number - missed, kept.getFirst().number() - 1);
    }

    private Frame frame(long start) {
        if (start == NOTHING) {
            return event("gifts", List.of());
        }
        Map<Long, Gift> changed = new HashMap<>();
        for (Iterator<Edition> newest = kept.descendingIterator(); start != UNKNOWN && newest.hasNext(); ) {
            Edition edition = newest.next();
            if (edition.number() <= start || changed.size() > MAX_GIFTS) {
                break;
            }
            edition.changed().forEach(gift -> changed.putIfAbsent(gift.id(), gift));
        }
        return start != UNKNOWN && changed.size() <= MAX_GIFTS
                ? event("gifts", changed.values())
                : event("reset", Map.of());
    }

    private Frame event(String name, Object data) {
        return Frame.event(number, name, series + "-" + number, json.writeValueAsBytes(data));
    }
}
