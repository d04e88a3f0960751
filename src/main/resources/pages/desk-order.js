// One order: its items, its money, and what an operator does with it.
import { html, useEffect, useRef, useState } from './html.js';
import { money, number, t, useLanguage } from './language.js';
import { call, Problem } from './api.js';
import { announce } from './frame.js';
import { gift, useCatalogue } from './desk-catalogue.js';
import { searchLink } from './desk-orders.js';
import { Dialog, Status, Table, Trouble, fen, isOpen, stamp, yuan, zone } from './desk-parts.js';

/** Chosen: an order changes by its buyer and by Alipay, within seconds of what an operator waits for. */
const LOOK_AGAIN_MILLIS = 2_000;

const REFUNDABLE = [2, 3, 4];

export function Order({ code }) {
    useLanguage();
    useCatalogue();
    const [found, setFound] = useState(null);
    const [problem, setProblem] = useState(null);
    const [busy, setBusy] = useState(false);
    const [trouble, setTrouble] = useState(null);
    const [refunds, setRefunds] = useState(false);
    const shown = useRef(null);
    const under = useRef(false);
    const open = pending(code);

    async function look() {
        try {
            const [{ orders }, paid] = await Promise.all([
                call('GET', `/desk/orders?order_code=${code}`), call('GET', `/orders/${code}/payments`)]);
            take({ order: orders[0], money: paid });
            setProblem(null);
        } catch (lost) {
            setProblem(lost);
        }
    }

    function take(next) {
        if (shown.current && shown.current !== next.order.status) {
            announce(t('desk.order.now', { status: t(`desk.status.${next.order.status}`) }));
        }
        shown.current = next.order.status;
        setFound(next);
    }

    useEffect(() => {
        look();
        const clock = setInterval(() => document.hidden || under.current || look(), LOOK_AGAIN_MILLIS);
        return () => clearInterval(clock);
    }, []);

    async function ship() {
        if (under.current) {
            return;
        }
        under.current = true;
        setBusy(true);
        setTrouble(null);
        try {
            await call('POST', `/orders/${code}/ship`);
        } catch (lost) {
            setTrouble(lost);
        }
        under.current = false;
        setBusy(false);
        await look();
    }

    if (found === null) {
        return problem === null
            ? html`<h1>${t('desk.order.title', { code })}</h1><p aria-busy="true">${t('desk.reading')}</p>`
            : html`<h1>${t('desk.order.title', { code })}</h1>
                <${Trouble} problem=${problem} action=${{ label: t('desk.again'), run: look }} />`;
    }
    const { order, money: paid } = found;
    return html`
        <p class="back"><a href=${searchLink()}>← ${t('desk.order.back')}</a></p>
        <div class="bar">
            <h1>${t('desk.order.title', { code })}</h1>
            <${Status} of=${order.status} closing=${order.closing_at} />
            ${order.status === 2 && html`<button type="button" onClick=${ship} aria-busy=${busy ? 'true' : undefined}>
                ${t('desk.order.ship')}</button>`}
            ${REFUNDABLE.includes(order.status) && html`<button type="button" class="secondary outline"
                onClick=${() => setRefunds(true)}>${t('desk.order.refund')}</button>`}
        </div>
        ${trouble && html`<${Trouble} problem=${trouble} />`}
        ${problem && html`<p class="warning" role="status">${t('desk.order.stale')}</p>`}
        ${open && !refunds && html`<div class="notice" role="alert"><strong>${t('desk.refund.open')}</strong>
            <p>${t('desk.refund.open-text')}</p>
            <button type="button" class="secondary" onClick=${() => setRefunds(true)}>${t('desk.refund.open-look')}</button></div>`}
        <dl class="facts">
            <div><dt>${t('desk.order.buyer')}</dt><dd><a href=${`#/orders?uid=${order.uid}`}>${order.uid}</a></dd></div>
            <div><dt>${t('desk.order.amount')}</dt><dd>${money(order.total_amount)}</dd></div>
            <div><dt>${t('desk.order.placed')}</dt><dd>${stamp(order.created_at)}</dd></div>
            ${order.status === 1 && html`<div><dt>${t('desk.order.expires')}</dt><dd>${stamp(order.expires_at)}</dd></div>`}
            ${order.paid_at && html`<div><dt>${t('desk.order.paid')}</dt><dd>${stamp(order.paid_at)}</dd></div>`}
            ${order.shipped_at && html`<div><dt>${t('desk.order.shipped')}</dt><dd>${stamp(order.shipped_at)}</dd></div>`}
        </dl>
        <h2>${t('desk.order.items')}</h2>
        <${Table} label=${t('desk.order.items')} head=${[
            { text: t('desk.order.gift') }, { text: t('desk.order.pieces'), number: true },
            { text: t('desk.order.price'), number: true }, { text: t('desk.order.amount'), number: true },
            { text: t('desk.order.refunded'), number: true }]}>
            ${order.items.map(item => html`<tr key=${item.goods_id}>
                <th scope="row">${nameOf(item)}</th>
                <td class="number">${number(item.counts)}</td>
                <td class="number">${money(item.price)}</td>
                <td class="number">${money(yuan(fen(item.price) * BigInt(item.counts)))}</td>
                <td class="number">${item.refunded ? number(item.refunded) : '–'}</td>
            </tr>`)}
        <//>
        <h2>${t('desk.order.money')}</h2>
        ${paid.payments.length === 0
            ? html`<p>${t('desk.order.no-money')}</p>`
            : html`<${Table} label=${t('desk.order.money')} head=${[
                { text: t('desk.money.when') }, { text: t('desk.money.what') }, { text: t('desk.money.number') },
                { text: t('desk.order.amount'), number: true }, { text: t('desk.money.state') }]}>
                ${paid.payments.map(one => html`<tr key=${one.trade_no}>
                    <td class="when">${stamp(one.paid_at)}</td><td>${t('desk.money.in')}</td>
                    <td class="code">${one.trade_no}</td><td class="number">${money(one.total_amount)}</td>
                    <td>${t('desk.money.received')}</td></tr>`)}
                ${paid.refunds.map(one => html`<tr key=${one.out_request_no} class="out">
                    <td class="when">${stamp(one.created_at)}</td><td>${t(`desk.money.out.${one.cause}`)}</td>
                    <td class="code">${one.out_request_no}</td><td class="number">−${money(one.amount)}</td>
                    <td>${one.confirmed_at ? t('desk.money.confirmed') : t('desk.money.on-its-way')}</td></tr>`)}
            <//>`}
        <p class="note">${t('desk.times-in', { zone: zone() })}</p>
        ${refunds && html`<${Refund} order=${order} onClose=${() => setRefunds(false)}
            onDone=${() => { setRefunds(false); look(); }} />`}`;
}

function nameOf(item) {
    const known = gift(item.goods_id);
    return known ? `${known.name} (${item.goods_id})` : t('explain.gift', { id: item.goods_id });
}

function keyOf(code) {
    return `gift-orders.refund.${code}`;
}

/** A refund of which nobody knows yet whether the service heard it: {key, cart}, or null. It outlasts a reload. */
function pending(code) {
    try {
        return JSON.parse(sessionStorage.getItem(keyOf(code)));
    } catch {
        return null;
    }
}

function remember(code, refund) {
    try {
        if (refund === null) {
            sessionStorage.removeItem(keyOf(code));
        } else {
            sessionStorage.setItem(keyOf(code), JSON.stringify(refund));
        }
    } catch {
        // storage is forbidden: the dialog keeps it as long as it is open
    }
}

/**
 * Pieces to pay back. One key goes with it until the outcome is known, so that a second click, a reload or a broken
 * connection pays back once.
 */
function Refund({ order, onClose, onDone }) {
    const left = item => item.counts - (item.refunded ?? 0);
    const refund = useRef(pending(order.order_code));
    const [counts, setCounts] = useState(() => Object.fromEntries(order.items.map(item =>
        [item.goods_id, String(refund.current ? refund.current.cart[item.goods_id] ?? 0 : 0)])));
    const [asks, setAsks] = useState(false);
    const [busy, setBusy] = useState(false);
    const [trouble, setTrouble] = useState(null);
    const under = useRef(false);
    const fixed = refund.current !== null;
    const wanted = order.items.map(item => ({ item, count: wholeNumber(counts[item.goods_id]) }));
    const fits = wanted.every(({ item, count }) => count !== null && (fixed || count <= left(item)))
        && wanted.some(({ count }) => count > 0);
    const amount = yuan(wanted.reduce((sum, { item, count }) => sum + fen(item.price) * BigInt(count ?? 0), 0n));

    async function send(event) {
        event.preventDefault();
        if (under.current || !fits) {
            return;
        }
        if (!asks && !fixed) {
            setAsks(true);
            return;
        }
        under.current = true;
        setBusy(true);
        setTrouble(null);
        refund.current ??= {
            key: crypto.randomUUID?.() ?? [...crypto.getRandomValues(new Uint32Array(4))].join('-'),
            cart: Object.fromEntries(wanted.filter(({ count }) => count > 0).map(({ item, count }) => [item.goods_id, count])),
        };
        remember(order.order_code, refund.current);
        try {
            await call('POST', `/orders/${order.order_code}/refund`,
                { body: refund.current.cart, idempotencyKey: refund.current.key });
            remember(order.order_code, null);
            announce(t('desk.refund.done', { amount: money(amount) }));
            onDone();
        } catch (problem) {
            if (problem instanceof Problem && problem.status < 500 && problem.status !== 401) {
                // it was heard and refused: the next try is another refund
                remember(order.order_code, null);
                refund.current = null;
            }
            setAsks(isOpen(problem));
            setTrouble(problem);
            setBusy(false);
            under.current = false;
        }
    }

    return html`<${Dialog} title=${t('desk.refund.title', { code: order.order_code })} onClose=${onClose}>
        <form onSubmit=${send} novalidate>
            ${trouble && html`<${Trouble} problem=${trouble} />`}
            <p>${fixed ? t('desk.refund.same') : t('desk.refund.text')}</p>
            <table class="pieces">
                <thead><tr><th scope="col">${t('desk.order.gift')}</th>
                    <th scope="col" class="number">${t('desk.refund.left')}</th>
                    <th scope="col" class="number">${t('desk.refund.back')}</th></tr></thead>
                <tbody>${order.items.map(item => html`<tr>
                    <th scope="row" id=${`of-${item.goods_id}`}>${nameOf(item)}<br /><small>${money(item.price)}</small></th>
                    <td class="number">${number(left(item))}</td>
                    <td class="number"><input type="number" min="0" max=${left(item)} step="1" name=${`pieces-${item.goods_id}`}
                        aria-labelledby=${`of-${item.goods_id}`} value=${counts[item.goods_id]} disabled=${fixed}
                        aria-invalid=${(wholeNumber(counts[item.goods_id]) ?? Infinity) > left(item) && !fixed ? 'true' : undefined}
                        onInput=${event => { setCounts({ ...counts, [item.goods_id]: event.target.value }); setAsks(false); }} /></td>
                </tr>`)}</tbody>
            </table>
            ${!fixed && html`<button type="button" class="quiet" onClick=${() => {
                setCounts(Object.fromEntries(order.items.map(item => [item.goods_id, String(left(item))])));
                setAsks(false);
            }}>${t('desk.refund.all')}</button>`}
            <p class="sum">${t('desk.refund.amount')} <strong>${money(amount)}</strong></p>
            ${asks && !fixed && html`<p class="warning" role="alert">${t('desk.refund.sure', { amount: money(amount) })}</p>`}
            <footer>
                <button type="button" class="secondary outline" onClick=${onClose}>${t('desk.cancel')}</button>
                <button type="submit" class=${asks ? 'danger' : ''} disabled=${!fits} aria-busy=${busy ? 'true' : undefined}>
                    ${fixed ? t('desk.refund.again') : asks ? t('desk.refund.yes') : t('desk.refund.do')}</button>
            </footer>
        </form>
    <//>`;
}

function wholeNumber(text) {
    return /^\d{1,9}$/.test(text.trim()) ? Number(text) : text.trim() === '' ? 0 : null;
}
