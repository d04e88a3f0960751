// The cart, one for each buyer and one for whoever is not signed in. It outlives reloads and signing in and out.
//
// A line is {id, pieces, name, price}: name and price as the buyer last saw them.
// While an order of this cart may be on its way (see shop-checkout.js) the cart does not change.

import { read, write } from './shop-store.js';

/** Whose cart it is before anybody signs in. */
export const NOBODY = 'nobody';

/** The most pieces of one gift where it has no limit: what the service takes by default. */
export const MOST_PIECES = 10000;

const cartOf = owner => `cart.${owner}`;
const attemptOf = owner => `attempt.${owner}`;

/** The lines of a cart, by gift id. Whatever else lies in the browser is left out. */
export function cart(owner) {
    return validLines(read(cartOf(owner)));
}

/** Changes how many pieces of a gift a cart has; 0 takes it out. False where the cart must not change now. */
export function setPieces(owner, gift, pieces) {
    if (frozen(owner)) {
        return false;
    }
    const others = cart(owner).filter(line => line.id !== gift.id);
    const lines = pieces < 1 ? others : [...others, { id: gift.id, pieces, name: gift.name, price: gift.price }];
    keep(owner, lines);
    // the key named another cart, and no order came of it
    keepAttempt(owner, null);
    return true;
}

/** The buyer has seen these prices and names. Pieces stay, so a key that names this cart still does. */
export function sawPrices(owner, gifts) {
    if (frozen(owner)) {
        return;
    }
    const lines = cart(owner).map(line => {
        const gift = gifts.get(line.id);
        return gift === undefined ? line : { ...line, name: gift.name, price: gift.price };
    });
    if (JSON.stringify(lines) !== JSON.stringify(cart(owner))) {
        keep(owner, lines);
    }
}

/** Takes out what was ordered. */
export function takeOut(owner, ordered) {
    const left = cart(owner)
        .map(line => ({ ...line, pieces: line.pieces - piecesOf(ordered, line.id) }))
        .filter(line => line.pieces > 0);
    keep(owner, left);
}

/** Whoever signs in brings along what they chose before. Nothing happens while the buyer's own cart must not change. */
export function bringAlong(owner) {
    const brought = cart(NOBODY);
    if (owner === NOBODY || brought.length === 0 || frozen(owner)) {
        return;
    }
    // out of the one before into the other: a page that dies in between loses a choice, and doubles none
    keep(NOBODY, []);
    const own = cart(owner);
    const lines = brought.map(line => ({ ...line, pieces: Math.max(line.pieces, piecesOf(own, line.id)) }));
    keep(owner, [...own.filter(line => piecesOf(brought, line.id) === 0), ...lines]);
    keepAttempt(owner, null);
}

/** Whether an order of this cart may be on its way. */
export function frozen(owner) {
    const attempt = keptAttempt(owner);
    return attempt !== null && attempt.doubt !== null;
}

/** An order that was begun and not ended, or null. Only shop-checkout.js changes it. */
export function keptAttempt(owner) {
    const attempt = read(attemptOf(owner));
    return attempt !== null && typeof attempt.key === 'string' && validLines(attempt.lines).length > 0 ? attempt : null;
}

export function keepAttempt(owner, attempt) {
    if (attempt !== null || read(attemptOf(owner)) !== null) {
        write(attemptOf(owner), attempt);
    }
}

/** Two carts with the same text ask for the same. */
export function textOf(lines) {
    return lines.map(line => `${line.id}:${line.pieces}`).join(' ');
}

export function piecesOf(lines, id) {
    return lines.find(line => line.id === id)?.pieces ?? 0;
}

export function countOf(lines) {
    return lines.reduce((sum, line) => sum + line.pieces, 0);
}

/** "19.80" as 1980n. Money is never a floating-point number here. */
export function cents(yuan) {
    const parts = /^(\d+)\.(\d\d)$/.exec(yuan);
    if (parts === null) {
        throw new Error(`not an amount: ${yuan}`);
    }
    return BigInt(parts[1] + parts[2]);
}

/** 1980n as "19.80". */
export function yuan(amount) {
    const digits = String(amount).padStart(3, '0');
    return `${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

/** What lines come to, as a string of yuan. */
export function sumOf(lines, priceOf = line => line.price) {
    return yuan(lines.reduce((sum, line) => sum + cents(priceOf(line)) * BigInt(line.pieces), 0n));
}

function keep(owner, lines) {
    write(cartOf(owner), lines.length === 0 ? null : [...lines].sort((one, other) => one.id - other.id));
}

function validLines(lines) {
    return Array.isArray(lines) ? lines.filter(isLine) : [];
}

function isLine(line) {
    return line !== null && typeof line === 'object'
        && Number.isSafeInteger(line.id) && line.id > 0
        && Number.isSafeInteger(line.pieces) && line.pieces > 0
        && typeof line.name === 'string' && /^\d+\.\d\d$/.test(line.price);
}
