package io.giftorders.gift;

import io.giftorders.live.Frame;
import io.giftorders.live.View;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
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

    /**
     * Frames that are kept for others who saw the same. Chosen: 10 MB at the most; nearly all who watch saw the edition before,
     * and what somebody claims to have seen must not cost more.
     */
    private static final int KEPT_FRAMES = 64;

    private final JsonMapper json;
    private final String series = Long.toHexString(ThreadLocalRandom.current().nextLong());
    private final Map<Long, Version> versions;
    private final Deque<Edition> kept = new ArrayDeque<>();
    private final Map<Long, Frame> frames = new LatestFrames();
    private int keptGifts;
    private long number;

    /** By what was seen; those asked for last. */
    private static final class LatestFrames extends LinkedHashMap<Long, Frame> {

        private static final long serialVersionUID = 1;

        LatestFrames() {
            super(KEPT_FRAMES, 0.75f, true);
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Frame> eldest) {
            return size() > KEPT_FRAMES;
        }
    }

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
        return seen == number ? null : frames.computeIfAbsent(seen, this::frame);
    }

    private Frame frame(long seen) {
        if (seen == NOTHING) {
            return event("gifts", List.of());
        }
        // without any edition kept, nothing was ever changed, and nobody can have seen less than now
        boolean known = seen >= 0 && !kept.isEmpty() && kept.getFirst().number() <= seen + 1;
        Map<Long, Gift> changed = new HashMap<>();
        for (Iterator<Edition> newest = kept.descendingIterator(); known && newest.hasNext(); ) {
            Edition edition = newest.next();
            if (edition.number() <= seen || changed.size() > MAX_GIFTS) {
                break;
            }
            edition.changed().forEach(gift -> changed.putIfAbsent(gift.id(), gift));
        }
        return known && changed.size() <= MAX_GIFTS ? event("gifts", changed.values()) : event("reset", Map.of());
    }

    private Frame event(String name, Object data) {
        return Frame.event(number, name, series + "-" + number, json.writeValueAsBytes(data));
    }
}
