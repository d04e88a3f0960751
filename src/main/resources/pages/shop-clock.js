// The service's clock, as far as this page can tell. Sales begin and orders expire by it, not by the phone's clock.
//
// Each answer with a Date tells that the service's clock showed that second at some moment between the request and the
// answer. So it bounds how far that clock is ahead of performance.now(), and every further answer narrows the bounds.
// Nothing is counted down by adding up ticks, so nothing drifts.

import { useEffect, useState } from './html.js';

/** Milliseconds that the two clocks may come apart before what was known is thrown away. */
const JUMP = 1500;

const LONGEST_TIMER = 3_600_000;

let least = Date.now() - performance.now() - 1e12;
let most = Date.now() - performance.now() + 1e12;
let phoneAhead = Date.now() - performance.now();

/** The service's time now, in milliseconds since 1970. Until the first answer it is the phone's. */
export function now() {
    return performance.now() + (least + most) / 2;
}

/** Learns from an answer: its Date header, and performance.now() when it was asked for and when it came. */
export function learn(date, askedAt, answeredAt) {
    const second = Date.parse(date);
    if (Number.isNaN(second)) {
        return;
    }
    forgetAfterSleep();
    // the Date is cut to the second
    const low = second - answeredAt;
    const high = second + 1000 - askedAt;
    if (low > most || high < least) {
        least = low;
        most = high;
    } else {
        least = Math.max(least, low);
        most = Math.min(most, high);
    }
}

/** While a phone sleeps performance.now() may stand still; then the two clocks of the phone have come apart. */
function forgetAfterSleep() {
    const ahead = Date.now() - performance.now();
    if (Math.abs(ahead - phoneAhead) > JUMP) {
        least += ahead - phoneAhead - 1e12;
        most += ahead - phoneAhead + 1e12;
        phoneAhead = ahead;
    }
}

/**
 * Milliseconds left until a time of the service (a string or null); 0 once it is over. The component is drawn again with
 * every second that is shown and when the time has come. Null where there is no time.
 */
export function useLeft(iso) {
    const target = iso == null ? null : Date.parse(iso);
    const [, draw] = useState(0);
    useEffect(() => {
        if (target === null) {
            return undefined;
        }
        let timer;
        const tick = () => {
            const left = target - now();
            draw(count => count + 1);
            if (left > 0) {
                timer = setTimeout(tick, left % 1000 + 15);
            }
        };
        const left = target - now();
        timer = left > 0 ? setTimeout(tick, left % 1000 + 15) : undefined;
        const wake = () => {
            if (!document.hidden) {
                clearTimeout(timer);
                forgetAfterSleep();
                tick();
            }
        };
        document.addEventListener('visibilitychange', wake);
        return () => {
            clearTimeout(timer);
            document.removeEventListener('visibilitychange', wake);
        };
    }, [target]);
    return target === null ? null : Math.max(0, target - now());
}

/** Draws the component again when the first of these times has come; nothing moves before. */
export function useTurn(...times) {
    const [turns, turn] = useState(0);
    const next = Math.min(...times.filter(time => time != null).map(Date.parse).filter(time => time > now()));
    useEffect(() => {
        if (!Number.isFinite(next)) {
            return undefined;
        }
        const again = () => turn(turns + 1);
        const timer = setTimeout(again, Math.min(next - now() + 15, LONGEST_TIMER));
        // timers stand still while the machine sleeps
        const wake = () => document.hidden || again();
        document.addEventListener('visibilitychange', wake);
        return () => {
            clearTimeout(timer);
            document.removeEventListener('visibilitychange', wake);
        };
    }, [next, turns]);
}

/** Seconds until a moment of performance.now(); for what the page itself waits for. */
export function useSecondsUntil(moment) {
    const [, draw] = useState(0);
    useEffect(() => {
        const timer = setInterval(() => draw(count => count + 1), 250);
        return () => clearInterval(timer);
    }, [moment]);
    return Math.max(0, Math.ceil((moment - performance.now()) / 1000));
}

/** "00:09:59", with days before it where there are any: {days, clock}. */
export function split(milliseconds) {
    const seconds = Math.floor(milliseconds / 1000);
    const two = number => String(number).padStart(2, '0');
    return {
        days: Math.floor(seconds / 86400),
        clock: [Math.floor(seconds % 86400 / 3600), Math.floor(seconds % 3600 / 60), seconds % 60].map(two).join(':'),
    };
}
