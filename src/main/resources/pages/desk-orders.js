// Orders: the search.
import { html, useEffect, useState } from './html.js';
import { money, number, t, useLanguage } from './language.js';
import { call } from './api.js';
import { Field, isFinished, More, STATUSES, Status, Table, query, stamp, useFocusOnWrong, usePages, withOffset, zone } from './desk-parts.js';

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
    const [unfinished, setUnfinished] = useState(null);
    const trouble = unfinished ?? list.problem;
    useFocusOnWrong(trouble);
    const set = name => event => setForm({ ...form, [name]: event.target.value });
    const chosen = form.status.split(',').filter(Boolean);

    function search(wanted) {
        lastSearch = query(wanted);
        // not as a step of its own: going back leaves the search
        history.replaceState(null, '', searchLink());
        list.first(`/desk/orders?${query({ ...wanted, order_code: wanted.order_code.trim(), uid: wanted.uid.trim(),
            from: withOffset(wanted.from), to: withOffset(wanted.to), limit: 50 })}`);
    }

    useEffect(() => search(form), []);

    function submit(event) {
        event.preventDefault();
        if (isFinished(event.currentTarget, setUnfinished)) {
            search(form);
        }
    }

    function toggle(status) {
        const next = chosen.includes(status) ? chosen.filter(one => one !== status) : [...chosen, status].sort();
        const wanted = { ...form, status: next.join(',') };
        setForm(wanted);
        search(wanted);
    }

    return html`
        <h1>${t('desk.page.orders')}</h1>
        <form class="search" aria-label=${t('desk.search')} onSubmit=${submit} novalidate>
            <${Field} name="order_code" label=${t('desk.order.code')} trouble=${trouble} value=${form.order_code}
                onInput=${set('order_code')} inputmode="numeric" autocomplete="off" />
            <${Field} name="uid" label=${t('desk.order.buyer')} trouble=${trouble} value=${form.uid}
                onInput=${set('uid')} inputmode="numeric" autocomplete="off" />
            <${Field} name="from" label=${t('desk.from')} trouble=${trouble} type="datetime-local" step="1"
                value=${form.from} onInput=${set('from')} />
            <${Field} name="to" label=${t('desk.to')} trouble=${trouble} type="datetime-local" step="1"
                value=${form.to} onInput=${set('to')} />
            <div class="do">
                <button type="submit">${t('desk.search')}</button>
                <button type="button" class="secondary outline"
                    onClick=${() => { setForm(EMPTY); setUnfinished(null); search(EMPTY); }}>${t('desk.clear')}</button>
            </div>
            <fieldset class="chips">
                <legend>${t('desk.order.status')}</legend>
                ${STATUSES.map(status => html`<label>
                    <input type="checkbox" name="status" value=${status} checked=${chosen.includes(String(status))}
                        onChange=${() => toggle(String(status))} />${t(`desk.status.${status}`)}</label>`)}
            </fieldset>
        </form>
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
