package io.giftorders.live;

import io.giftorders.problem.Detail;
import io.giftorders.problem.Unavailable;
import java.time.Duration;

/** 503: as many streams of this kind are open as there may be. The call without {@code /events} still answers. */
final class TooManyWatchers extends Unavailable {

    /** Chosen: streams are held for minutes, so coming back sooner is in vain. */
    private static final Duration RETRY_AFTER = Duration.ofSeconds(30);

    TooManyWatchers() {
        super("too-many-watchers", Detail.of("too-many-watchers"), RETRY_AFTER);
    }
}
