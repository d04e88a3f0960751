// One order, live: pay it, give it up, confirm receipt, and see where its money went.

import { html, useEffect, useRef, useState } from './html.js';
import { call } from './api.js';
import { listenWhileSeen } from './events.js';
import { announce, Notice } from './frame.js';
import { money, number, t } from './language.js';
import { SignIn, useSession } from './session.js';
import { yuan, cents } from './shop-cart.js';
import { lastPlaced } from './shop-checkout.js';
import { gift as giftOf, know, onCatalogue } from './shop-catalogue.js';
import { now, useTurn } from './shop-clock.js';
import { Ask, Countdown, Status, statusText, TimeOf, useDraw } from './shop-parts.js';

/** Milliseconds between two looks at the order while its stream is away. */
const LOOK_EVERY = 10_000;

/** Milliseconds between two looks at its money while that may change without the order. */
const MONEY_EVERY = 4_000;

/** How long after its deadline a payment of a closed order may still come in, as a rule. */
const LATE_FOR = 600_000;

export function OrderView({ code }) {
    const who = useSession();
    return html`
        <h1>${t('order.title')}</h1>
        ${who === null
            ? html`<p>${t('order.signIn')}</p><${SignIn} />`
            : html`<${LiveOrder} key=${`${who.uid} ${code}`} code=${code} uid=${who.uid} />`}`;
}

function LiveOrder({ code, uid }) {
    const { order, refused, lost, use, heard } = useOrder(code);
    if (refused !== null) {
        const all = { label: t('order.all'), run: () => { location.hash = '#/orders'; } };
        return html`<${Notice} problem=${refused} action=${all} />`;
    }
    return html`
        <p class="live" role="status">${lost && t('order.lost')}</p>
        ${order === null
            ? html`<p class="quiet" aria-busy="true">${t('order.loading')}</p>`
            : html`<${Order} order=${order} uid=${uid} use=${use} heard=${heard} />`}`;
}

/** The order as the service tells it: by its stream, and by asking while that is away. */
function useOrder(code) {
    const [order, setOrder] = useState(null);
    const [refused, setRefused] = useState(null);
    const [lost, setLost] = useState(false);
    const heard = useRef(0);
    const status = useRef(null);
    const take = fresh => {
        const text = statusText(fresh);
        if (status.current !== null && status.current !== text) {
            announce(t('order.announce', { status: text }));
        }
        status.current = text;
        setOrder(fresh);
        setRefused(null);
    };
    useEffect(() => {
        let looking = null;
        const look = async () => {
            const before = heard.current;
            try {
                const fresh = await call('GET', `/orders/${code}`);
                if (before === heard.current && looking !== undefined) {
                    take(fresh);
                }
            } catch (failure) {
                if (failure.name === 'order-not-found' || failure.name === 'invalid-request') {
                    setRefused(failure);
                }
                // whatever else it is, the stream and the next look tell
            }
        };
        const stop = listenWhileSeen(`/orders/${code}/events`, {
            onEvent: (name, fresh) => {
                if (name === 'order') {
                    heard.current += 1;
                    take(fresh);
                }
            },
            onState: state => {
                clearInterval(looking);
                setLost(state === 'lost');
                if (state === 'lost') {
                    look();
                    looking = setInterval(look, LOOK_EVERY);
                }
            },
            onProblem: problem => {
                clearInterval(looking);
                setRefused(problem);
            },
        });
        return () => {
            stop();
            clearInterval(looking);
            looking = undefined;
        };
    }, [code]);
    return { order, refused, lost, use: take, heard };
}

function Order({ order, uid, use, heard }) {
    useDraw(onCatalogue);
    useTurn(order.expires_at);
    useEffect(() => {
        order.items.filter(item => giftOf(item.goods_id) === undefined).forEach(item => know(item.goods_id));
    }, [order.order_code]);
    const over = order.status === 1 && now() >= Date.parse(order.expires_at);
    return html`
        <section class="order-head">
            <p class="head-line"><${Status} order=${order} over=${over} /></p>
            <p class="detail">${detailOf(order, over)}</p>
            ${order.status === 1 && order.closing_at === undefined && !over && html`
                <p class="pay-within"><span>${t('order.payWithin')}</span> <${Countdown} until=${order.expires_at} /></p>`}
            <${Steps} order=${order} />
            <${PriceChanges} order=${order} uid=${uid} />
            <${Acts} order=${order} over=${over} use=${use} heard=${heard} />
        </section>
        <${Lines} order=${order} />
        <dl class="facts-of">
            <dt>${t('order.number')}</dt><dd class="code">${order.order_code}</dd>
            <dt>${t('order.placedAt')}</dt><dd><${TimeOf} iso=${order.created_at} /></dd>
        </dl>
        <${Money} order=${order} />
        <p class="ways"><a href="#/orders">${t('order.all')}</a> <a href="#/">${t('order.again')}</a></p>`;
}

function detailOf(order, over) {
    if (order.status === 1 && order.closing_at !== undefined) {
        return t('status.closing.detail');
    }
    return t(over ? 'status.over.detail' : `status.${order.status}.detail`);
}

function Steps({ order }) {
    if (order.status > 4) {
        return null;
    }
    const steps = ['placed', 'paid', 'shipped', 'received'];
    return html`
        <ol class="steps" aria-label=${t('order.progress')}>
            ${steps.map((step, index) => html`
                <li key=${step} class=${index < order.status ? 'done' : null} aria-current=${index === order.status - 1 ? 'step' : null}>
                    ${t(`step.${step}`)}</li>`)}
        </ol>`;
}

function PriceChanges({ order, uid }) {
    const placed = lastPlaced(uid);
    if (placed?.orderCode !== order.order_code || order.status !== 1) {
        return null;
    }
    return placed.prices.map(({ id, from, to }) => html`
        <p key=${id} class="remark">${t('order.priceChanged', { gift: nameOf(id), from: money(from), to: money(to) })}</p>`);
}

function nameOf(id) {
    return giftOf(id)?.name ?? t('order.gift', { id });
}

/** What the buyer can do now. Each call may be repeated, so a second click or a lost answer does no harm. */
function Acts({ order, over, use, heard }) {
    const [busy, setBusy] = useState(null);
    const [asked, ask] = useState(null);
    const [failed, setFailed] = useState(null);
    useEffect(() => {
        // the browser's "back" from Alipay shows this page as it was left
        const back = event => event.persisted && setBusy(null);
        addEventListener('pageshow', back);
        return () => removeEventListener('pageshow', back);
    }, []);
    useEffect(() => setFailed(null), [order.status, order.closing_at]);

    const act = async verb => {
        if (busy !== null) {
            return;
        }
        ask(null);
        setBusy(verb);
        setFailed(null);
        const before = heard.current;
        try {
            const answer = await call('POST', `/orders/${order.order_code}/${verb}`);
            if (verb === 'pay') {
                leaveFor(answer.pay_url);
                return;
            }
            if (before === heard.current) {
                use(answer);
            }
        } catch (problem) {
            setFailed({ verb, problem });
        }
        setBusy(null);
    };

    const payable = order.status === 1 && order.closing_at === undefined && !over;
    return html`
        ${failed !== null && html`<${Failed} problem=${failed.problem} again=${() => act(failed.verb)} />`}
        ${(payable || order.status === 3) && html`
            <div class="actions">
                ${payable && html`
                    <button type="button" aria-busy=${busy === 'pay'} disabled=${busy !== null} onClick=${() => act('pay')}>
                        ${busy === 'pay' ? t('order.paying') : t('order.pay', { sum: money(order.total_amount) })}</button>
                    <button type="button" class="secondary outline" aria-busy=${busy === 'cancel'} disabled=${busy !== null}
                        onClick=${() => ask('cancel')}>${t(busy === 'cancel' ? 'order.working' : 'order.cancel')}</button>`}
                ${order.status === 3 && html`
                    <button type="button" aria-busy=${busy === 'receive'} disabled=${busy !== null}
                        onClick=${() => ask('receive')}>${t(busy === 'receive' ? 'order.working' : 'order.receive')}</button>`}
            </div>`}
        ${order.status === 2 && html`<div class="actions to-come"></div>`}
        ${asked !== null && html`
            <${Ask} title=${t(`ask.${asked}`)} detail=${t(`ask.${asked}Detail`)} yes=${t(`ask.${asked}Yes`)} no=${t(`ask.${asked}No`)}
                onYes=${() => act(asked)} onNo=${() => ask(null)} />`}`;
}

function leaveFor(address) {
    const url = new URL(address);
    if (url.protocol !== 'https:' && url.protocol !== 'http:') {
        throw new TypeError('a pay link leads to a web page');
    }
    location.assign(url);
}

function Failed({ problem, again }) {
    const lasts = problem.name === 'order-status' || problem.name === 'too-late-to-pay';
    const gone = { label: t('order.again'), run: () => { location.hash = '#/'; } };
    return html`
        <${Notice} problem=${problem}
            action=${!lasts ? { label: t('wait.retry'), run: again } : problem.name === 'too-late-to-pay' ? gone : undefined} />`;
}

function Lines({ order }) {
    return html`
        <table class="bought">
            <caption>${t('order.lines')}</caption>
            <thead><tr>
                <th scope="col">${t('shop.gifts')}</th>
                <th scope="col" class="number">${t('order.pieces')}</th>
                <th scope="col" class="number">${t('order.amount')}</th>
            </tr></thead>
            <tbody>
                ${order.items.map(item => html`
                    <tr key=${item.goods_id}>
                        <th scope="row">${nameOf(item.goods_id)}
                            <span class="each">${t('cart.each', { price: money(item.price) })}</span>
                            ${item.refunded > 0 && html`<span class="each">${t('order.refundedPieces', { n: number(item.refunded) })}</span>`}
                        </th>
                        <td class="number">${number(item.counts)}</td>
                        <td class="number">${money(yuan(cents(item.price) * BigInt(item.counts)))}</td>
                    </tr>`)}
            </tbody>
            <tfoot><tr>
                <th scope="row" colspan="2">${t('order.total')}</th>
                <td class="number">${money(order.total_amount)}</td>
            </tr></tfoot>
        </table>`;
}

/** What came in and went out. It can change without the order: a refund is confirmed, a late payment goes back. */
function Money({ order }) {
    const [books, setBooks] = useState(null);
    const late = order.status === 5 && now() - Date.parse(order.expires_at) < LATE_FOR;
    const open = late || (books?.refunds ?? []).some(refund => refund.confirmed_at === undefined);
    useEffect(() => {
        if (order.status === 1) {
            return undefined;
        }
        let gone = false;
        const look = () => call('GET', `/orders/${order.order_code}/payments`)
            .then(fresh => gone || setBooks(fresh), () => {}); // what is shown stays true; the next look may tell more
        look();
        const looking = open ? setInterval(look, MONEY_EVERY) : null;
        return () => {
            gone = true;
            clearInterval(looking);
        };
    }, [order, open]);
    if (books === null || books.payments.length + books.refunds.length === 0) {
        return null;
    }
    return html`
        <section class="money">
            <h2>${t('order.payments')}</h2>
            <ul>
                ${books.payments.map(payment => html`
                    <li key=${payment.trade_no}>
                        <span>${t('order.paid')} · <${TimeOf} iso=${payment.paid_at} /></span>
                        <strong>${money(payment.total_amount)}</strong>
                        <span class="quiet code">${t('order.trade', { number: payment.trade_no })}</span>
                    </li>`)}
                ${books.refunds.map(refund => html`
                    <li key=${refund.out_request_no}>
                        <span>${t('order.refund')} · ${t(`order.refund.${refund.cause}`)}</span>
                        <strong>−${money(refund.amount)}</strong>
                        <span class="quiet">${refund.confirmed_at === undefined
                            ? t('order.refundSent')
                            : html`${t('order.refundDone')} · <${TimeOf} iso=${refund.confirmed_at} />`}</span>
                    </li>`)}
            </ul>
        </section>`;
}
