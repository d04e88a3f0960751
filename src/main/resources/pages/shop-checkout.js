// Places the order of a cart: once, whatever happens on the way.
//
// An ATTEMPT is {key, lines, doubt, sends}: an Idempotency-Key that this page made, the exact cart that it names, and since
// when something may stand under it of which nobody heard (`doubt`, milliseconds; null: nothing can stand). It is kept in
// the browser, for each buyer, before the request goes out. The service places one order under a key at the most and
// answers a repetition with that order; a refusal leaves the key free.
//
//   state        kept                   the buyer sees            what may happen next
//   ---------------------------------------------------------------------------------------------------------------
//   none         no attempt             "Place order"             order -> SENDING with a new key
//   SENDING      doubt = now            "Placing your order"      201, 200            -> PLACED
//                                                                 refused, no doubt before  -> none, with the refusal
//                                                                 refused, doubt before     -> DOUBT (see below)
//                                                                 503, nothing taken  -> HELD (or DOUBT if it was before)
//                                                                 a moment too early  -> the same
//                                                                 anything else       -> DOUBT: no answer, a broken one,
//                                                                                outcome-unknown, internal-error
//                                                                 the page dies       -> DOUBT
//   HELD         doubt = null           "Trying again in 2 s"     time is up, order   -> SENDING, same key
//                                                                 the cart changes    -> none
//   DOUBT        doubt = since when     "We have not heard",      time is up, ask again -> SENDING, same key, same cart
//                                       the cart is locked        set aside, after a warning -> none
//   PLACED       order code, then the   the order's page          -> none
//                cart without it, then
//                no attempt
//
// - After a 201 the attempt is taken away last. A page that dies in between finds it again and asks again, and the service
//   answers with the same order. The other way round the full cart would be left without its key, and be bought twice.
// - A refusal answers the request that it answers. If an earlier one under the same key was not heard of, that one may
//   still be on its way and be placed later. The service gives up on a request before DOUBT_LASTS has passed, so only a
//   refusal after that time is believed; until then the page says that it makes sure, and asks again.
// - After a reload nothing is sent by itself: the buyer may have changed their mind. While the page that sent the order is
//   still open it asks again by itself, at growing intervals and visibly.
// - All of this happens under a lock that the tabs of one buyer share, and begins by reading what is kept. So a double
//   click, or a click in another tab, either finds the attempt and uses its key, or finds the cart empty.

import { call, Problem } from './api.js';
import { session } from './session.js';
import { read, write } from './shop-store.js';
import { now } from './shop-clock.js';
import { cart, frozen, keepAttempt, keptAttempt, takeOut, textOf } from './shop-cart.js';

/**
 * Milliseconds after which the service has ended a request, one way or the other. By its defaults it waits 2 s in the
 * queue, 2 s to be run again, 8 s for a database that hangs and 15 s for the outcome of a COMMIT; rounded up.
 */
const DOUBT_LASTS = 30_000;

/** Milliseconds to wait for an answer: longer than the service ever takes. */
const ANSWER_WITHIN = 40_000;

/** A sale that begins within so many milliseconds was pressed for a moment too early: clocks differ by as much. */
const MOMENT = 3_000;

/** How often the page asks again by itself before it leaves that to the buyer. */
const MOST_SENDS = 12;

/** Nothing was taken; the same order may be sent again. */
const COME_AGAIN = new Set([
    'overloaded', 'waited-too-long', 'contended', 'stopping', 'database-unavailable', 'issuer-unavailable',
]);

/** Nothing was taken, and the same order would be refused again. */
const REFUSED = new Set([
    'out-of-stock', 'sale-not-started', 'sale-ended', 'limit-per-user', 'unknown-gift', 'total-too-large', 'unplaceable',
    'invalid-request', 'body-too-large', 'unsupported-media-type', 'not-found', 'not-allowed', 'idempotency-key-reused',
]);

const IDLE = { kind: 'idle' };
const listeners = new Set();
let shown = IDLE;
let timer = null;
let busy = false;
let stopAsked = false;

/**
 * What this page is doing about an order of a buyer:
 * `idle`; `sending` (if it waited before, with what it waited for); `waiting` (for `key`, `until`, by performance.now(),
 * `failure`, and whether something may stand: `doubt`); `stopped` (`failure`: asked often enough); `refused` (`failure`); `making-sure`
 * (`until`, `failure`); `changed` (another tab changed the cart, or set the order aside; whether it may stand: `doubt`);
 * `placed` (`orderCode`).
 */
export function checkout(uid) {
    return shown.uid === uid ? shown : IDLE;
}

export function onCheckout(listener) {
    listeners.add(listener);
    return () => listeners.delete(listener);
}

/** Places the order of a cart, as the buyer sees it. If an attempt at it was begun before, it goes on with that one. */
export async function placeOrder(uid, seen) {
    await send(uid, textOf(seen));
}

/** Asks again about an order nobody heard of: the same key, the same cart. */
export async function askAgain(uid) {
    await send(uid, null);
}

/** Ends the waiting. The key stays with the cart. */
export function stopWaiting(uid) {
    if (busy) {
        stopAsked = true; // the answer is waited for, and nothing is sent after it
        return;
    }
    clearTimeout(timer);
    show(keptAttempt(uid)?.doubt == null ? IDLE : { kind: 'stopped', uid, failure: shown.failure ?? null });
}

/** The buyer has read the refusal, or has changed the cart: then nothing is waited for that named the one before. */
export function forgetRefusal() {
    const held = shown.kind === 'waiting' && !shown.doubt && !busy && keptAttempt(shown.uid) === null;
    if (held) {
        clearTimeout(timer);
    }
    if (held || shown.kind === 'refused' || shown.kind === 'changed' || shown.kind === 'placed') {
        show(IDLE);
    }
}

/** The buyer gives up on an order that nobody heard of, and was told that it may stand all the same. */
export async function setAside(uid) {
    clearTimeout(timer);
    await alone(uid, () => keepAttempt(uid, null));
    show(IDLE);
}

/** The order that was placed last: {orderCode, key, prices}. `prices` are those that changed meanwhile, by gift. */
export function lastPlaced(uid) {
    return read(placedOf(uid));
}

const placedOf = uid => `placed.${uid}`;

async function send(uid, seen) {
    if (busy) {
        return;
    }
    busy = true;
    stopAsked = false;
    clearTimeout(timer);
    const mine = shown.uid === uid ? shown : IDLE;
    const before = { placed: lastPlaced(uid)?.key, underWay: mine.key ?? keptAttempt(uid)?.key, doubt: mine.doubt === true };
    show(shown.kind === 'waiting' && shown.uid === uid ? { ...shown, kind: 'sending' } : { kind: 'sending', uid });
    try {
        await alone(uid, async () => {
            const attempt = begin(uid, seen);
            if (attempt === null) {
                show(endedElsewhere(uid, before));
            } else {
                await sendOnce(uid, attempt);
            }
        });
    } catch (bug) {
        show({ kind: 'stopped', uid, failure: null });
        throw bug;
    } finally {
        busy = false;
    }
}

/** The attempt to go on with, a new one, or null: the buyer saw another cart than there is now. */
function begin(uid, seen) {
    const attempt = keptAttempt(uid);
    if (attempt !== null && (seen === null || seen === textOf(attempt.lines))) {
        return attempt;
    }
    const lines = cart(uid);
    if (attempt?.doubt != null || seen === null || lines.length === 0 || seen !== textOf(lines)) {
        return null;
    }
    return { key: newKey(), lines, doubt: null, sends: 0 };
}

/** Another tab was faster, with the order that this one was about, or one of the same cart. Or it changed the cart. */
function endedElsewhere(uid, before) {
    const placed = lastPlaced(uid);
    return placed !== null && (placed.key === before.underWay || placed.key !== before.placed)
        ? { kind: 'placed', uid, orderCode: placed.orderCode }
        : { kind: 'changed', uid, doubt: before.doubt };
}

async function sendOnce(uid, attempt) {
    const before = attempt.doubt;
    const sent = { ...attempt, doubt: Date.now(), sends: attempt.sends + 1 };
    const as = session();
    if (as?.uid !== uid) {
        show(IDLE); // somebody else signed in meanwhile: this key is not theirs
        return;
    }
    keepAttempt(uid, sent);
    try {
        const order = await call('POST', '/orders', {
            body: Object.fromEntries(sent.lines.map(line => [line.id, line.pieces])),
            idempotencyKey: sent.key,
            timeout: ANSWER_WITHIN,
            as,
        });
        if (!/^\d+$/.test(order?.order_code)) {
            throw new Error('an answer without an order');
        }
        placed(uid, sent, order);
    } catch (failure) {
        notPlaced(uid, sent, before, failure);
    }
}

function placed(uid, attempt, order) {
    write(placedOf(uid), { orderCode: order.order_code, key: attempt.key, prices: changedPrices(attempt, order) });
    takeOut(uid, attempt.lines);
    keepAttempt(uid, null);
    show({ kind: 'placed', uid, orderCode: order.order_code });
}

function changedPrices(attempt, order) {
    return attempt.lines.flatMap(line => {
        const item = order.items.find(sold => sold.goods_id === line.id);
        return item === undefined || item.price === line.price ? [] : [{ id: line.id, from: line.price, to: item.price }];
    });
}

function notPlaced(uid, sent, before, failure) {
    const name = failure instanceof Problem ? failure.name : null;
    if (name === 'not-authenticated') {
        keepAttempt(uid, { ...sent, doubt: before });
        show(IDLE); // the sign-in comes up by itself
    } else if (COME_AGAIN.has(name)) {
        keepAttempt(uid, { ...sent, doubt: before });
        again(uid, sent, failure, Math.max(failure.retryAfter ?? 1, 1) * 1000);
    } else if (name === 'sale-not-started' && startsIn(failure) < MOMENT) {
        keepAttempt(uid, { ...sent, doubt: before });
        wait('waiting', uid, sent, failure, Math.max(0, startsIn(failure)) + 200 + Math.random() * 300);
    } else if (!REFUSED.has(name)) {
        again(uid, sent, failure, name === null ? 2000 : Math.max(failure.retryAfter ?? 5, 1) * 1000);
    } else if (before === null || sinceDoubt(before) >= DOUBT_LASTS) {
        keepAttempt(uid, null);
        show({ kind: 'refused', uid, failure });
    } else {
        keepAttempt(uid, { ...sent, doubt: before });
        wait('making-sure', uid, sent, failure, DOUBT_LASTS - sinceDoubt(before));
    }
}

function startsIn(failure) {
    return Date.parse(failure.members.sale_starts_at) - now();
}

/** A clock that was set back meanwhile tells nothing: then the time begins anew. */
function sinceDoubt(doubt) {
    return Date.now() < doubt ? 0 : Date.now() - doubt;
}

/** Later each time, and not at the same moment as everybody else. */
function again(uid, sent, failure, least) {
    if (sent.sends % MOST_SENDS === 0) {
        show({ kind: 'stopped', uid, failure });
        return;
    }
    const growing = Math.min(sent.sends % MOST_SENDS, 5) * 1000;
    wait('waiting', uid, sent, failure, least + Math.random() * growing);
}

function wait(kind, uid, sent, failure, milliseconds) {
    if (stopAsked) {
        show(frozen(uid) ? { kind: 'stopped', uid, failure } : IDLE);
        return;
    }
    show({ kind, uid, key: sent.key, failure, doubt: frozen(uid), until: performance.now() + milliseconds });
    timer = setTimeout(() => askAgain(uid), milliseconds);
}

// A connection that is back is the best moment to ask.
addEventListener('online', () => {
    if (shown.kind === 'waiting' && !(shown.failure instanceof Problem)) {
        askAgain(shown.uid);
    }
});

function show(state) {
    shown = state;
    listeners.forEach(listener => listener());
}

/** One at a time for this buyer, in all tabs where the browser has locks (over HTTPS it does), else in this one. */
function alone(uid, work) {
    if (navigator.locks !== undefined) {
        return navigator.locks.request(`gift-orders.order.${uid}`, work);
    }
    queue = queue.then(work, work);
    return queue;
}

let queue = Promise.resolve();

function newKey() {
    if (crypto.randomUUID !== undefined) {
        return crypto.randomUUID();
    }
    // over plain HTTP from another host browsers have no randomUUID
    return Array.from(crypto.getRandomValues(new Uint8Array(16)), byte => byte.toString(16).padStart(2, '0')).join('');
}
