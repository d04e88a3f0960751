// Money: what came in and went out, and what does not agree with Alipay.
import { html, useEffect, useState } from './html.js';
import { hasText, money, number, t, useLanguage } from './language.js';
import { call } from './api.js';
import { found, More, Search, stamp, Table, usePages, zone } from './desk-parts.js';

const EMPTY = { order_code: '', from: '', to: '' };

export function Payments() {
    useLanguage();
    const [form, setForm] = useState(EMPTY);
    const list = usePages(address => call('GET', address), answer => answer.payments);
    const search = wanted => list.first(found('/desk/payments', wanted));
    useEffect(() => {
        search(EMPTY);
    }, []);

    return html`
        <h1>${t('desk.page.payments')}</h1>
        <${Search} values=${form} empty=${EMPTY} problem=${list.problem} onValues=${setForm} onSearch=${search}
            facts=${[{ name: 'order_code', label: t('desk.order.code') }]} />
        ${list.rows.length > 0 && html`<${Table} label=${t('desk.page.payments')} head=${[
            { text: t('desk.order.paid') }, { text: t('desk.order.code') }, { text: t('desk.money.trade') },
            { text: t('desk.money.in'), number: true }, { text: t('desk.money.back'), number: true },
            { text: t('desk.money.state') }]}>
            ${list.rows.map(one => html`<tr key=${one.trade_no}>
                <td class="when">${stamp(one.paid_at)}</td>
                <td class="code"><a href=${`#/orders/${one.order_code}`}>${one.order_code}</a></td>
                <td class="code">${one.trade_no}</td>
                <td class="number">${money(one.total_amount)}</td>
                <td class="number">${one.refunded_amount === '0.00' ? '–' : money(one.refunded_amount)}</td>
                <td>${one.unconfirmed_refunds > 0
                    ? t('desk.money.unconfirmed', { refunds: number(one.unconfirmed_refunds) }) : ''}</td>
            </tr>`)}
        <//>`}
        <${More} list=${list} none=${t('desk.payments.none')} />
        <p class="note">${t('desk.times-in', { zone: zone() })}</p>`;
}

export function Discrepancies() {
    useLanguage();
    const list = usePages(address => call('GET', address), answer => answer.discrepancies);
    useEffect(() => {
        list.first('/payments/discrepancies?limit=50');
    }, []);
    return html`
        <div class="bar"><h1>${t('desk.page.discrepancies')}</h1>
            <button type="button" class="secondary outline"
                onClick=${() => list.first('/payments/discrepancies?limit=50')}>${t('desk.refresh')}</button></div>
        <p class="lead">${t('desk.discrepancies.text')}</p>
        <ul class="discrepancies">
            ${list.rows.map(one => html`<li key=${one.id}><article>
                <header><h2>${said(one.kind, 'what')}</h2>
                    <span class="times">${t('desk.discrepancies.times', { times: number(one.times) })}</span></header>
                <p>${one.detail}</p>
                <p class="todo"><strong>${t('desk.discrepancies.todo')}</strong> ${said(one.kind, 'todo')}</p>
                <dl class="facts">
                    <div><dt>${t('desk.discrepancies.kind')}</dt><dd class="code">${one.kind}</dd></div>
                    ${one.order_code && html`<div><dt>${t('desk.order.code')}</dt>
                        <dd class="code"><a href=${`#/orders/${one.order_code}`}>${one.order_code}</a></dd></div>`}
                    ${one.trade_no && html`<div><dt>${t('desk.money.trade')}</dt><dd class="code">${one.trade_no}</dd></div>`}
                    <div><dt>${t('desk.discrepancies.first')}</dt><dd>${stamp(one.first_seen_at)}</dd></div>
                    <div><dt>${t('desk.discrepancies.last')}</dt><dd>${stamp(one.last_seen_at)}</dd></div>
                </dl>
            </article></li>`)}
        </ul>
        <${More} list=${list} none=${t('desk.discrepancies.none')} />
        <p class="note">${t('desk.times-in', { zone: zone() })}</p>`;
}

/** A kind that a newer service has shows its name. */
function said(kind, what) {
    const key = `desk.kind.${kind}.${what}`;
    return hasText(key) ? t(key) : what === 'what' ? kind : '';
}
