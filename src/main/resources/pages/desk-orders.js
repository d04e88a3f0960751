// Orders: the search.
import { html, useEffect, useState } from './html.js';
import { money, number, t, useLanguage } from './language.js';
import { call } from './api.js';
import { found, More, query, Search, stamp, STATUSES, Status, Table, usePages, zone } from './desk-parts.js';

const EMPTY = { order_code: '', uid: '', status: '', from: '', to: '' };

/** The search that was shown last, to come back to. */
let lastSearch = '';

export function searchLink() {
    return `#/orders${lastSearch && `?${lastSearch}`}`;
}

export function Orders({ path }) {
    useLanguage();
    const [form, setForm] = useState(() => formOf(path));
    const list = usePages(address => call('GET', address), answer => answer.orders);
    const chosen = form.status.split(',').filter(Boolean);

    function search(wanted) {
        lastSearch = query(wanted);
        // not as a step of its own: going back leaves the search
        history.replaceState(null, '', searchLink());
        list.first(found('/desk/orders', wanted));
    }

    useEffect(() => search(form), []);

    function toggle(status) {
        const next = chosen.includes(status) ? chosen.filter(one => one !== status) : [...chosen, status].sort();
        const wanted = { ...form, status: next.join(',') };
        setForm(wanted);
        search(wanted);
    }

    return html`
        <h1>${t('desk.page.orders')}</h1>
        <${Search} values=${form} empty=${EMPTY} problem=${list.problem} onValues=${setForm} onSearch=${search}
            facts=${[{ name: 'order_code', label: t('desk.order.code') }, { name: 'uid', label: t('desk.order.buyer') }]}>
            <fieldset class="chips">
                <legend>${t('desk.order.status')}</legend>
                ${STATUSES.map(status => html`<label>
                    <input type="checkbox" name="status" value=${status} checked=${chosen.includes(String(status))}
                        onChange=${() => toggle(String(status))} />${t(`desk.status.${status}`)}</label>`)}
            </fieldset>
        <//>
        ${list.rows.length > 0 && html`<${Table} label=${t('desk.page.orders')} head=${[
            { text: t('desk.order.code') }, { text: t('desk.order.status') }, { text: t('desk.order.amount'), number: true },
            { text: t('desk.order.pieces'), number: true }, { text: t('desk.order.buyer'), number: true },
            { text: t('desk.order.placed') }, { text: t('desk.order.paid') }]}>
            ${list.rows.map(order => html`<tr key=${order.order_code}>
                <td class="code"><a href=${`#/orders/${order.order_code}`}>${order.order_code}</a></td>
                <td><${Status} of=${order.status} closing=${order.closing_at} /></td>
                <td class="number">${money(order.total_amount)}</td>
                <td class="number">${number(order.total_count)}</td>
                <td class="number">${order.uid}</td>
                <td class="when">${stamp(order.created_at)}</td>
                <td class="when">${stamp(order.paid_at)}</td>
            </tr>`)}
        <//>`}
        <${More} list=${list} none=${t('desk.orders.none')} />
        <p class="note">${t('desk.times-in', { zone: zone() })}</p>`;
}

function formOf(path) {
    const asked = new URLSearchParams(path.split('?')[1] ?? lastSearch);
    return Object.fromEntries(Object.keys(EMPTY).map(name => [name, asked.get(name) ?? '']));
}
