// The gifts that this page knows, kept up to date by the service's stream of changes.

import { headersFor, ownPath, read, understood } from './api.js';
import { listenWhileSeen } from './events.js';
import { learn } from './shop-clock.js';

const PAGE = 24;

/** Milliseconds between two looks while the stream is away. */
const LOOK_EVERY = 20_000;

/** Milliseconds that the first page waits for the stream, so that nothing falls between the two and it is read once. */
const STREAM_WITHIN = 700;

/** Milliseconds to wait for an answer. */
const ANSWER_WITHIN = 30_000;

/** Milliseconds until a page that could not be read is asked for again. */
const AGAIN_AFTER = 4_000;

const gifts = new Map();
const changeListeners = new Set();
const drawListeners = new Set();

/** What GET /gifts gave so far, in its order: ids, where the next ones are (null: all are here), and how that went. */
let listed = { ids: [], next: `/gifts?limit=${PAGE}`, loading: false, failure: null, begun: false };
let live = 'open';
let watchers = 0;
let stop = null;
let looking = null;
let first = null;
let again = false;
let meanwhile = [];

/** When the stream last told of a gift, by performance.now(). */
const told = new Map();

export function catalogue() {
    return { ...listed, gifts, live };
}

/** A gift that this page knows, or undefined. */
export function gift(id) {
    return gifts.get(id);
}

export function onCatalogue(listener) {
    drawListeners.add(listener);
    return () => drawListeners.delete(listener);
}

/** Calls a listener with a gift before and after each change of it. */
export function onGiftChange(listener) {
    changeListeners.add(listener);
    return () => changeListeners.delete(listener);
}

/** Keeps the gifts live while somebody watches. Returns what ends that. */
export function watch() {
    watchers += 1;
    if (watchers === 1) {
        stop = listenWhileSeen('/gifts/events', {
            anonymous: true,
            onEvent: (name, data) => name === 'gifts' && data.length > 0 ? take(data) : refresh(),
            onState: state => {
                live = state;
                look(state === 'lost');
                if (state === 'lost' && !listed.begun) {
                    refresh();
                }
                draw();
            },
        });
        first = setTimeout(() => listed.begun || refresh(), STREAM_WITHIN);
    }
    return () => {
        watchers -= 1;
        if (watchers === 0) {
            stop();
            clearTimeout(first);
            look(false);
            live = 'open';
        }
    };
}

/** Reads the next page of gifts. */
export async function more() {
    if (listed.loading || listed.next === null) {
        return;
    }
    await load(listed.next, page => {
        const ids = page.gifts.map(each => each.id).filter(id => !listed.ids.includes(id));
        listed = { ...listed, ids: [...listed.ids, ...ids], next: page.next ?? null };
    });
}

/** Reads again what was read, or the first page. */
export async function refresh() {
    if (listed.loading) {
        again = true;
        return;
    }
    clearTimeout(first);
    const wanted = Math.max(listed.ids.length, 1);
    const ids = [];
    let next = `/gifts?limit=${PAGE}`;
    while (next !== null && ids.length < wanted) {
        const read = await load(next, page => {
            ids.push(...page.gifts.map(each => each.id));
            next = page.next ?? null;
        });
        if (!read) {
            return;
        }
    }
    const last = ids.at(-1) ?? 0;
    const later = next === null ? [...gifts.keys()].filter(id => id > last).sort((one, other) => one - other) : [];
    listed = { ...listed, ids: [...ids, ...later], next };
    draw();
    await Promise.all([...gifts.keys()].filter(id => !ids.includes(id)).map(know));
}

/** Reads a gift that may be on no page read so far, such as one in a cart. Undefined if there is none, or no answer. */
export async function know(id) {
    const askedAt = performance.now();
    try {
        const answer = await get(`/gifts/${id}`);
        if (!(told.get(id) > askedAt)) {
            put([answer]);
            draw();
        }
    } catch (failure) {
        if (failure.name === 'unknown-gift') {
            gifts.delete(id);
            draw();
        }
    }
    return gifts.get(id);
}

async function load(path, keep) {
    listed = { ...listed, loading: true, failure: null };
    meanwhile = [];
    draw();
    try {
        const page = await get(path);
        keep(page);
        // what the stream told while this was read may be newer than it
        put(page.gifts);
        put(meanwhile.filter(each => gifts.has(each.id)));
        listed = { ...listed, loading: false, begun: true };
        draw();
        return true;
    } catch (failure) {
        listed = { ...listed, loading: false, failure };
        clearTimeout(first);
        first = setTimeout(() => watchers > 0 && refresh(), (failure.retryAfter ?? 0) * 1000 + AGAIN_AFTER * (0.5 + Math.random()));
        draw();
        return false;
    } finally {
        if (again) {
            again = false;
            queueMicrotask(refresh);
        }
    }
}

/** As `call`, and the answer's Date tells the service's time. */
async function get(path) {
    const askedAt = performance.now();
    try {
        const answer = await fetch(ownPath(path), {
            headers: await headersFor(null, true),
            signal: AbortSignal.timeout(ANSWER_WITHIN),
            credentials: 'omit',
            cache: 'no-store',
            redirect: 'error',
        });
        learn(answer.headers.get('Date'), askedAt, performance.now());
        return await read(answer);
    } catch (failure) {
        throw understood(failure);
    }
}

/** What the stream tells is of all gifts; those that are on no page read so far wait for theirs. */
function take(changed) {
    if (listed.loading) {
        meanwhile.push(...changed);
    }
    changed.forEach(each => told.set(each.id, performance.now()));
    put(changed.filter(each => gifts.has(each.id) || isNext(each.id)));
    draw();
}

function put(changed) {
    for (const after of changed) {
        const before = gifts.get(after.id);
        if (before !== undefined && JSON.stringify(before) === JSON.stringify(after)) {
            continue;
        }
        gifts.set(after.id, after);
        if (before !== undefined) {
            changeListeners.forEach(listener => listener(before, after));
        } else if (isNext(after.id)) {
            listed = { ...listed, ids: [...listed.ids, after.id] };
        }
    }
}

/** A gift that was added to the catalogue after its last page was read. */
function isNext(id) {
    return listed.begun && listed.next === null && id > (listed.ids.at(-1) ?? 0);
}

function look(wanted) {
    clearInterval(looking);
    if (wanted) {
        looking = setInterval(refresh, LOOK_EVERY * (0.75 + Math.random() / 2));
    }
}

function draw() {
    drawListeners.forEach(listener => listener());
}
