// Streams for those who look.

import { listen } from './events.js';

/**
 * Milliseconds that a page which nobody looks at keeps its stream. Over HTTP/1.1 a browser has six connections to a host for
 * all of its tabs, and a service has watchers that are worth it.
 */
const HIDDEN_FOR = 60_000;

/** As `listen`; whoever comes back to the page gets the present state first, as after any break. */
export function listenWhileSeen(path, options) {
    let stop = listen(path, options);
    let timer = null;
    const look = () => {
        clearTimeout(timer);
        if (document.hidden) {
            timer = setTimeout(() => {
                stop?.();
                stop = null;
            }, HIDDEN_FOR);
        } else {
            stop ??= listen(path, options);
        }
    };
    document.addEventListener('visibilitychange', look);
    look();
    return () => {
        document.removeEventListener('visibilitychange', look);
        clearTimeout(timer);
        stop?.();
    };
}
