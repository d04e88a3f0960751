package io.giftorders.live;

import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * What was changed, by id, until somebody reads it. Whoever commits a change marks it; while nobody watches, that costs a
 * look at a field.
 */
public abstract class Marks {

    private final Set<Long> ids = ConcurrentHashMap.newKeySet();
    private volatile @Nullable Audience audience;

    /** @param wanted which ids are worth a mark */
    private record Audience(LongPredicate wanted, Runnable nudge) {}

    /** Whether marks are of use now. Saves collecting them where they are not. */
    public final boolean isWatched() {
        return audience != null;
    }

    /** Call it once the change is committed, or may be. A mark too many does no harm. */
    public final void mark(Collection<Long> changed) {
        Audience those = audience;
        if (those != null) {
            boolean marked = false;
            for (Long id : changed) {
                marked |= those.wanted().test(id) && ids.add(id);
            }
            if (marked) {
                those.nudge().run();
            }
        }
    }

    /** From now on marks are kept, and each that is new nudges. */
    public final void watch(LongPredicate wanted, Runnable nudge) {
        audience = new Audience(wanted, nudge);
    }

    public final void unwatch() {
        audience = null;
        ids.clear();
    }

    /** Takes the marks off. A change that is committed from now on is marked again. */
    public final Set<Long> take() {
        Set<Long> taken = new HashSet<>();
        // a mark that is made meanwhile is taken too, and what is taken is read after this; or it stays
        ids.removeIf(taken::add);
        return taken;
    }
}
