// A buyer's orders, newest first.

import { html, useEffect, useRef, useState } from './html.js';
import { call } from './api.js';
import { Notice } from './frame.js';
import { money, number, t } from './language.js';
import { SignIn, useSession } from './session.js';
import { Status, TimeOf } from './shop-parts.js';

const PAGE = 10;

const FIRST = `/orders?limit=${PAGE}`;

const EMPTY = { orders: [], next: null, begun: false, loading: false, failure: null };

export function OrdersView() {
    const who = useSession();
    return html`
        <h1>${t('orders.title')}</h1>
        ${who === null
            ? html`<p>${t('orders.signIn')}</p><${SignIn} />`
            : html`<${Orders} key=${who.uid} />`}`;
}

function Orders() {
    const [list, setList] = useState(EMPTY);
    const shown = useRef(0);
    shown.current = list.orders.length;
    const latest = useRef(0);
    const read = async (path, kept = [], atLeast = 0) => {
        latest.current += 1;
        const mine = latest.current;
        const put = change => mine === latest.current && setList(change);
        setList(before => ({ ...before, loading: true, failure: null }));
        try {
            let orders = kept;
            let next = path;
            do {
                const page = await call('GET', next);
                orders = [...orders, ...page.orders];
                next = page.next ?? null;
            } while (next !== null && orders.length < atLeast);
            put({ orders, next, begun: true, loading: false, failure: null });
        } catch (failure) {
            put(before => ({ ...before, loading: false, failure, again: () => read(path, kept, atLeast) }));
        }
    };
    const fresh = () => read(FIRST, [], shown.current);
    useEffect(() => {
        fresh();
        // back from Alipay, or from another tab
        const look = () => document.hidden || fresh();
        document.addEventListener('visibilitychange', look);
        return () => document.removeEventListener('visibilitychange', look);
    }, []);
    const { orders, next, begun, loading, failure, again } = list;
    // a full last page has a next, and the page behind it is empty
    return html`
        ${!begun && failure === null && html`<p class="quiet" aria-busy="true">${t('orders.loading')}</p>`}
        <ul class="orders">
            ${orders.map(order => html`<${Entry} key=${order.order_code} order=${order} />`)}
        </ul>
        ${failure !== null && html`<${Notice} problem=${failure} action=${{ label: t('wait.retry'), run: again }} />`}
        ${begun && next !== null && failure === null && html`
            <button type="button" class="secondary outline further" aria-busy=${loading} onClick=${() => read(next, orders)}>
                ${t('orders.older')}</button>`}
        ${begun && next === null && html`<p class="quiet">${t(orders.length === 0 ? 'orders.none' : 'orders.end')}</p>`}
        ${begun && next === null && orders.length === 0
            && html`<p><a role="button" class="secondary outline" href="#/">${t('cart.browse')}</a></p>`}`;
}

function Entry({ order }) {
    const count = order.total_count;
    return html`
        <li>
            <a class="entry" href=${`#/orders/${order.order_code}`}>
                <strong><${TimeOf} iso=${order.created_at} /></strong>
                <strong>${money(order.total_amount)}</strong>
                <${Status} order=${order} />
                <span class="quiet">${t(count === 1 ? 'orders.piece' : 'orders.pieces', { n: number(count) })}</span>
                <span class="quiet code">${order.order_code}</span>
            </a>
        </li>`;
}
