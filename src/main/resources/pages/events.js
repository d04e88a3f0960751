// Server-sent events over fetch: EventSource cannot send a token.
import { language } from './language.js';
import { session, expire } from './session.js';
import { headersFor, ownPath, read, understood, Problem, NoAnswer } from './api.js';

/** The service sends a heartbeat every 15 s: after three that did not come the stream is dead. */
const SILENCE_MILLIS = 45_000;

const FIRST_PAUSE_MILLIS = 1_000;
const LONGEST_PAUSE_MILLIS = 30_000;

/**
 * Milliseconds that a page which nobody looks at keeps its stream. Over HTTP/1.1 a browser has six connections to a host for
 * all of its tabs, and a service has watchers that are worth it.
 */
const HIDDEN_FOR = 60_000;

/**
 * Listens until stopped.
 *
 * @param onEvent (name, data): data is parsed JSON
 * @param onState 'open', or 'lost' while it tries again
 * @param onProblem a refusal that does not pass by itself (401, 403, 404): listening has ended
 * @return a function that stops it
 */
export function listen(path, { onEvent, onState = () => {}, onProblem = () => {}, anonymous = false }) {
    const address = ownPath(path);
    const as = anonymous ? null : session();
    let stopped = false;
    let pause = FIRST_PAUSE_MILLIS;
    let firstPause = FIRST_PAUSE_MILLIS;
    let lastId = null;
    let connection = null;
    let wake = () => {};

    run();
    addEventListener('online', again);
    return stop;

    function stop() {
        stopped = true;
        removeEventListener('online', again);
        connection?.abort();
        wake();
    }

    function again() {
        pause = firstPause;
        wake();
    }

    async function run() {
        while (!stopped) {
            let wait = 0;
            try {
                await connect();
            } catch (failure) {
                const problem = understood(failure);
                if (!stopped && lasts(problem)) {
                    if (problem.status === 401 && as !== null) {
                        expire(as);
                    }
                    stop();
                    onState('lost');
                    onProblem(problem);
                    return;
                }
                wait = (problem.retryAfter ?? 0) * 1000;
            }
            if (!stopped) {
                onState('lost');
                await sleep(Math.max(wait, pause) * (0.5 + Math.random()));
                pause = Math.min(pause * 2, LONGEST_PAUSE_MILLIS);
            }
        }
    }

    async function connect() {
        connection = new AbortController();
        const watch = silenceWatch(connection);
        try {
            const headers = await headersFor(as, anonymous);
            headers.Accept = 'text/event-stream, application/problem+json';
            headers['Accept-Language'] = language();
            if (lastId !== null) {
                headers['Last-Event-ID'] = lastId;
            }
            const answer = await fetch(address, {
                headers, signal: connection.signal, credentials: 'omit', cache: 'no-store', redirect: 'error',
            });
            if (!answer.ok || !(answer.headers.get('Content-Type') ?? '').startsWith('text/event-stream')) {
                await read(answer);
                throw new NoAnswer('foreign', answer.status);
            }
            onState('open');
            const parser = eventParser(event => {
                if (event.id !== null) {
                    lastId = event.id;
                }
                if (event.retry !== null) {
                    firstPause = event.retry;
                }
                pause = firstPause;
                if (event.data !== null && !stopped) {
                    onEvent(event.name, JSON.parse(event.data));
                }
            });
            const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
            for (;;) {
                const { done, value } = await reader.read();
                if (done) {
                    return;
                }
                watch.heard();
                parser(value);
            }
        } finally {
            watch.end();
            connection.abort();
        }
    }

    function sleep(millis) {
        return new Promise(resolve => {
            const clock = setTimeout(resolve, millis);
            wake = () => {
                clearTimeout(clock);
                resolve();
            };
        });
    }
}

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

/** Refusals that come again however often one asks. */
function lasts(problem) {
    return problem instanceof Problem && problem.status >= 400 && problem.status < 500 && problem.status !== 429;
}

function silenceWatch(connection) {
    let clock;
    const heard = () => {
        clearTimeout(clock);
        clock = setTimeout(() => connection.abort(), SILENCE_MILLIS);
    };
    heard();
    return { heard, end: () => clearTimeout(clock) };
}

/** Takes the stream's text piece by piece, as it comes; calls back for every event, and for comments with nothing in it. */
export function eventParser(onEvent) {
    let rest = '';
    let name = 'message';
    let data = null;
    let id = null;
    let retry = null;
    let first = true;

    return piece => {
        rest += piece;
        if (first && rest.length > 0) {
            first = false;
            rest = rest.replace(/^\uFEFF/, '');
        }
        for (;;) {
            const end = rest.search(/\r\n|\n|\r/);
            // a CR at the very end may be half of a CR LF
            if (end < 0 || (rest[end] === '\r' && end === rest.length - 1)) {
                return;
            }
            const line = rest.slice(0, end);
            rest = rest.slice(end + (rest.startsWith('\r\n', end) ? 2 : 1));
            take(line);
        }
    };

    function take(line) {
        if (line === '') {
            if (data !== null || id !== null || retry !== null) {
                onEvent({ name, data, id, retry });
            }
            name = 'message';
            data = null;
            id = null;
            retry = null;
            return;
        }
        const colon = line.indexOf(':');
        const field = colon < 0 ? line : line.slice(0, colon);
        const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
        if (field === 'event') {
            name = value;
        } else if (field === 'data') {
            data = data === null ? value : `${data}\n${value}`;
        } else if (field === 'id' && !value.includes('\0')) {
            id = value;
        } else if (field === 'retry' && /^\d+$/.test(value)) {
            retry = Number(value);
        }
    }
}
