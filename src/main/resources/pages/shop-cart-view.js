// The cart, and what becomes of an order on its way: see shop-checkout.js for the states.

import { html, useEffect, useRef } from './html.js';
import { explain } from './explain.js';
import { Problem } from './api.js';
import { focusHeading } from './frame.js';
import { money, number, t } from './language.js';
import { session, SignIn } from './session.js';
import { gift as giftOf, know, onCatalogue } from './shop-catalogue.js';
import { cart, countOf, frozen, keptAttempt, sawPrices, setPieces, sumOf } from './shop-cart.js';
import { askAgain, checkout, forgetRefusal, onCheckout, placeOrder, setAside, stopWaiting } from './shop-checkout.js';
import { useSecondsUntil, useTurn } from './shop-clock.js';
import { mostOf, phaseOf } from './shop-gifts.js';
import { Countdown, Mark, Pieces, useDraw, useOwner, useStore } from './shop-parts.js';
import { keeps } from './shop-store.js';

export function CartView() {
    useDraw(onCatalogue);
    useDraw(onCheckout);
    useStore();
    const owner = useOwner();
    const lines = cart(owner);
    const state = checkout(owner);
    const locked = frozen(owner) || state.kind === 'sending';
    useEffect(() => {
        lines.forEach(line => know(line.id));
    }, [owner, lines.map(line => line.id).join(' ')]);
    useEffect(() => {
        if (state.kind === 'placed') {
            location.hash = `#/orders/${state.orderCode}`;
            forgetRefusal();
        }
    }, [state.kind]);
    // leaving the cart is seeing its prices
    useEffect(() => () => sawPrices(owner, gifts(cart(owner))), [owner]);

    if (lines.length === 0 && frozen(owner)) {
        return html`
            <h1>${t('cart.title')}</h1>
            <${Checkout} owner=${owner} lines=${lines} state=${state} />`;
    }
    if (lines.length === 0) {
        return html`
            <h1>${t('cart.title')}</h1>
            ${state.kind === 'changed' && html`<${Changed} doubt=${state.doubt} />`}
            <p class="quiet">${t('cart.empty')}</p>
            <p><a role="button" class="secondary outline" href="#/">${t('cart.browse')}</a></p>`;
    }
    return html`
        <h1>${t('cart.title')}</h1>
        <ul class="lines">
            ${lines.map(line => html`<${Line} key=${line.id} line=${line} owner=${owner} locked=${locked} />`)}
        </ul>
        <p class="sum"><span>${t('cart.sum')}</span> <output>${money(sumOf(lines, priceOf))}</output></p>
        <${Checkout} owner=${owner} lines=${lines} state=${state} />`;
}

function gifts(lines) {
    return new Map(lines.map(line => [line.id, giftOf(line.id)]).filter(([, gift]) => gift !== undefined));
}

function priceOf(line) {
    return giftOf(line.id)?.price ?? line.price;
}

function Line({ line, owner, locked }) {
    const gift = giftOf(line.id);
    useTurn(gift?.sale_starts_at, gift?.sale_ends_at);
    const name = gift?.name ?? line.name;
    const price = priceOf(line);
    const known = gift ?? { id: line.id, name, price };
    const put = pieces => setPieces(owner, known, pieces) && forgetRefusal();
    const takeOut = () => {
        put(0);
        focusHeading();
    };
    return html`
        <li class="line" data-gift=${line.id}>
            <${Mark} id=${line.id} name=${name} />
            <h2>${name}</h2>
            <p class="each">${t('cart.each', { price: money(price) })}</p>
            <p class="amount">${money(sumOf([line], () => price))}</p>
            <${Pieces} name=${name} pieces=${line.pieces} most=${mostOf(known)} locked=${locked} onPieces=${put} />
            <button type="button" class="secondary outline remove" disabled=${locked} onClick=${takeOut}
                aria-label=${t('pieces.removeNamed', { gift: name })}>${t('pieces.remove')}</button>
            <div class="remarks"><${Remarks} line=${line} gift=${gift} /></div>
        </li>`;
}

/** What the buyer should know before ordering. */
function Remarks({ line, gift }) {
    if (gift === undefined) {
        return null;
    }
    const phase = phaseOf(gift);
    return html`
        ${gift.price !== line.price && html`<p class="remark">${t('cart.priceChanged', { from: money(line.price), to: money(gift.price) })}</p>`}
        ${phase === 'soon' && html`<p class="remark">${t('gifts.soon')} · ${t('gifts.startsIn')} <${Countdown} until=${gift.sale_starts_at} /></p>`}
        ${(phase === 'sold-out' || phase === 'over') && html`<p class="remark">${t(`gifts.${phase}`)}</p>`}
        ${phase === 'buy' && gift.stock < line.pieces && html`<p class="remark">${t('cart.onlyLeft', { n: number(gift.stock) })}</p>`}
        ${line.pieces > mostOf(gift) && html`<p class="remark">${t('cart.overLimit', { n: number(mostOf(gift)) })}</p>`}`;
}

/** The one place where an order is sent from. Exactly one of its faces shows. */
function Checkout({ owner, lines, state }) {
    if (session() === null) {
        return html`<section class="checkout"><p>${t('cart.signIn')}</p><${SignIn} /></section>`;
    }
    if (state.kind === 'sending' && state.failure === undefined) {
        return html`<section class="checkout" role="status">
            <button type="button" class="order" aria-busy="true" disabled>
                ${t(keptAttempt(owner)?.sends > 1 ? 'doubt.asking' : 'cart.sending')}</button></section>`;
    }
    if (state.kind === 'sending' || state.kind === 'waiting') {
        return html`<${Waiting} owner=${owner} state=${state} />`;
    }
    if (state.kind === 'making-sure') {
        return html`<${MakingSure} owner=${owner} state=${state} />`;
    }
    if (frozen(owner)) {
        return html`<${Doubt} owner=${owner} focus=${state.kind === 'stopped'} />`;
    }
    return html`
        <section class="checkout">
            ${state.kind === 'refused' && html`<${Refused} owner=${owner} problem=${state.failure} lines=${lines} />`}
            ${state.kind === 'changed' && html`<${Changed} doubt=${state.doubt} />`}
            ${state.kind === 'stopped' && html`
                <${Said} focus><h2>${t('wait.stopped')}</h2><p>${t('wait.stoppedDetail')}</p><//>`}
            <${Order} owner=${owner} lines=${lines} />
        </section>`;
}

function Order({ owner, lines }) {
    const order = () => {
        sawPrices(owner, gifts(lines));
        placeOrder(owner, lines);
    };
    return html`
        ${!keeps && html`<p class="remark">${t('cart.memory')}</p>`}
        <button type="button" class="order" onClick=${order}>
            ${t('cart.order', { sum: money(sumOf(lines, priceOf)) })}</button>
        <p class="quiet small">${t('cart.reserve')}</p>`;
}

/** A 503 or a lost answer: it goes on by itself, and the buyer sees when. */
function Waiting({ owner, state }) {
    const { doubt } = state;
    return html`
        <section class="checkout">
            <${Said} focus>
                <h2>${t(titleOf(state))}</h2>
                <p>${t(doubt ? 'wait.unknownDetail' : 'wait.busyDetail')}</p>
                <p class="digits">${state.kind === 'sending'
                    ? t('doubt.asking')
                    : html`<${Seconds} text="wait.seconds" until=${state.until} />`}</p>
                <div class="actions">
                    <button type="button" onClick=${() => askAgain(owner)}>${t('wait.now')}</button>
                    <button type="button" class="secondary outline" onClick=${() => stopWaiting(owner)}>${t('wait.stop')}</button>
                </div>
            <//>
        </section>`;
}

function titleOf({ failure, doubt }) {
    if (failure.name === 'sale-not-started') {
        return 'wait.soon';
    }
    if (!doubt) {
        return 'wait.busy';
    }
    return failure instanceof Problem ? 'wait.unknown' : 'wait.lost';
}

function MakingSure({ owner, state }) {
    return html`
        <section class="checkout">
            <${Said} focus>
                <h2>${t('doubt.title')}</h2>
                <p class="digits"><${Seconds} text="wait.sure" until=${state.until} /></p>
                <div class="actions">
                    <button type="button" class="secondary outline" onClick=${() => stopWaiting(owner)}>${t('wait.stop')}</button>
                </div>
            <//>
        </section>`;
}

function Seconds({ text, until }) {
    return html`<span role="timer" aria-live="off">${t(text, { n: useSecondsUntil(until) })}</span>`;
}

/** An order that nobody heard of: perhaps by this page, perhaps before a reload, perhaps in another tab just now. */
function Doubt({ owner, focus }) {
    return html`
        <section class="checkout">
            <${Said} focus=${focus}>
                <h2>${t('doubt.title')}</h2>
                <p>${t('doubt.detail')} ${t('doubt.locked')}</p>
                <div class="actions">
                    <button type="button" onClick=${() => askAgain(owner)}>${t('doubt.ask')}</button>
                    <a role="button" class="secondary outline" href="#/orders">${t('shop.orders')}</a>
                </div>
                <details>
                    <summary>${t('doubt.aside')}</summary>
                    <p>${t('doubt.asideDetail')}</p>
                    <button type="button" class="secondary outline" onClick=${() => setAside(owner)}>${t('doubt.asideButton')}</button>
                </details>
            <//>
        </section>`;
}

function Changed({ doubt }) {
    return html`
        <${Said} focus>
            <h2>${t('changed.title')}</h2>
            <p>${t(doubt ? 'changed.mayStand' : 'changed.detail')}</p>
            <div class="actions">
                ${doubt && html`<a role="button" href="#/orders">${t('shop.orders')}</a>`}
                <button type="button" class="secondary outline" onClick=${forgetRefusal}>${t('changed.next')}</button>
            </div>
        <//>`;
}

/** Why nothing was ordered, and the one press that mends it. */
function Refused({ owner, problem, lines }) {
    const line = lines.find(each => each.id === problem.members.goods_id);
    const name = giftOf(problem.members.goods_id)?.name ?? line?.name;
    const { title, detail, next } = explain(problem, { gift: name });
    const mend = line === undefined ? null : mendOf(problem);
    const change = pieces => {
        setPieces(owner, giftOf(line.id) ?? line, pieces);
        forgetRefusal();
        focusHeading();
    };
    return html`
        <${Said} class="refused" focus>
            <h2>${title}</h2>
            <p>${detail} ${next}</p>
            <div class="actions">
                ${mend > 0 && html`<button type="button" onClick=${() => change(mend)}>${t('refused.setTo', { n: number(mend) })}</button>`}
                ${mend !== null && html`<button type="button" class=${mend > 0 ? 'secondary outline' : null}
                    onClick=${() => change(0)}>${t('refused.remove')}</button>`}
                ${problem.name === 'idempotency-key-reused' && html`<a role="button" href="#/orders">${t('shop.orders')}</a>`}
                <button type="button" class="secondary outline" onClick=${forgetRefusal}>${t('refused.understood')}</button>
            </div>
        <//>`;
}

/** The pieces of the gift that can be ordered instead, 0 for none, or null: that mends nothing. */
function mendOf({ name, members }) {
    switch (name) {
        case 'out-of-stock':
            return members.available;
        case 'limit-per-user':
            return Math.max(0, members.limit_per_user - members.already_bought);
        case 'sale-not-started':
        case 'sale-ended':
        case 'unknown-gift':
            return 0;
        default:
            return null;
    }
}

/** What the buyer must hear. It takes the focus where a button was pressed that is gone now. */
function Said({ focus = false, class: more = '', children }) {
    const box = useRef(null);
    useEffect(() => {
        if (focus) {
            box.current.focus({ preventScroll: false });
        }
    }, []);
    return html`<div class=${`notice ${more}`} role="alert" tabindex="-1" ref=${box}>${children}</div>`;
}

/** For the navigation: pieces in the cart of whoever is signed in. */
export function piecesInCart(owner) {
    return countOf(cart(owner));
}

