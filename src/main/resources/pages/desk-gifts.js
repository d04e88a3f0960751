// Gifts: what is on sale, made, changed and restocked.
import { html, useRef, useState } from './html.js';
import { money, number, t, useLanguage } from './language.js';
import { call } from './api.js';
import { announce, useNow } from './frame.js';
import { keep, readAll, useCatalogue, gift as giftNow } from './desk-catalogue.js';
import { Dialog, Field, Table, Trouble, fieldOf, isFinished, isOpen, local, stamp, useFocusOnWrong, withOffset, zone } from './desk-parts.js';

const FIELDS = ['name', 'price', 'stock', 'restock', 'sale_starts_at', 'sale_ends_at', 'limit_per_user'];

export function Gifts() {
    useLanguage();
    const { gifts, loaded, live, problem } = useCatalogue();
    const now = useNow(1000);
    const [words, setWords] = useState('');
    const [open, setOpen] = useState(null);
    const shown = gifts.filter(one => `${one.id} ${one.name}`.toLowerCase().includes(words.trim().toLowerCase()));
    const close = () => setOpen(null);
    return html`
        <div class="bar">
            <h1>${t('desk.page.gifts')}</h1>
            <span class=${`live ${live ? 'on' : 'off'}`}>${live ? t('desk.live') : t('desk.not-live')}</span>
            <input type="search" aria-label=${t('desk.gifts.find')} placeholder=${t('desk.gifts.find')} value=${words}
                onInput=${event => setWords(event.target.value)} />
            <button type="button" onClick=${() => setOpen({ what: 'new' })}>${t('desk.gifts.new')}</button>
        </div>
        ${problem && html`<${Trouble} problem=${problem} action=${{ label: t('desk.again'), run: readAll }} />`}
        <${Table} label=${t('desk.page.gifts')} head=${[
            { text: t('desk.gift.id'), number: true }, { text: t('desk.gift.name') },
            { text: t('desk.gift.price'), number: true }, { text: t('desk.gift.stock'), number: true },
            { text: t('desk.gift.sales'), number: true }, { text: t('desk.gift.state') },
            { text: t('desk.gift.window') }, { text: t('desk.gift.limit'), number: true },
            { text: t('desk.actions') }]}>
            ${shown.map(one => html`<tr key=${one.id} id=${`gift-${one.id}`}>
                <td class="number">${one.id}</td>
                <th scope="row" class="name">${one.name}</th>
                <td class="number">${money(one.price)}</td>
                <td class="number stock">${number(one.stock)}</td>
                <td class="number sales">${number(one.sales)}</td>
                <td><span class=${`state ${stateOf(one, now)}`}>${t(`desk.sale.${stateOf(one, now)}`)}</span></td>
                <td class="window"><${Window} gift=${one} /></td>
                <td class="number">${one.limit_per_user ?? '–'}</td>
                <td class="actions">
                    <button type="button" class="quiet" aria-label=${t('desk.gifts.change-of', { name: one.name })}
                        onClick=${() => setOpen({ what: 'change', id: one.id })}>${t('desk.gifts.change')}</button>
                    <button type="button" class="quiet" aria-label=${t('desk.gifts.restock-of', { name: one.name })}
                        onClick=${() => setOpen({ what: 'restock', id: one.id })}>${t('desk.gifts.restock')}</button>
                </td>
            </tr>`)}
        <//>
        ${!loaded && !problem && html`<p aria-busy="true">${t('desk.reading')}</p>`}
        ${loaded && shown.length === 0 && html`<p>${t('desk.gifts.none')}</p>`}
        <p class="note">${t('desk.times-in', { zone: zone() })}</p>
        ${open?.what === 'new' && html`<${GiftForm} onClose=${close} />`}
        ${open?.what === 'change' && html`<${GiftForm} gift=${giftNow(open.id)} onClose=${close} />`}
        ${open?.what === 'restock' && html`<${Restock} gift=${giftNow(open.id)} onClose=${close} />`}`;
}

function Window({ gift }) {
    if (!gift.sale_starts_at && !gift.sale_ends_at) {
        return t('desk.gift.always');
    }
    return html`${gift.sale_starts_at && html`<span>${t('desk.gift.from', { time: stamp(gift.sale_starts_at) })}</span>`}
        ${gift.sale_ends_at && html`<span>${t('desk.gift.until', { time: stamp(gift.sale_ends_at) })}</span>`}`;
}

function stateOf(gift, now) {
    if (gift.sale_ends_at && Date.parse(gift.sale_ends_at) <= now) {
        return 'over';
    }
    if (gift.sale_starts_at && Date.parse(gift.sale_starts_at) > now) {
        return 'early';
    }
    return gift.stock === 0 ? 'sold-out' : 'on';
}

function formOf(gift) {
    return {
        name: gift?.name ?? '',
        price: gift?.price ?? '',
        stock: '',
        sale_starts_at: gift?.sale_starts_at ? local(gift.sale_starts_at) : '',
        sale_ends_at: gift?.sale_ends_at ? local(gift.sale_ends_at) : '',
        limit_per_user: gift?.limit_per_user ? String(gift.limit_per_user) : '',
    };
}

/** What the form says in the API's words, of the fields that are not as they were. */
function changes(form, before) {
    const body = {};
    for (const [name, text] of Object.entries(form)) {
        if (text !== before[name]) {
            body[name] = valueOf(name, text.trim());
        }
    }
    return body;
}

function valueOf(name, text) {
    if (name === 'sale_starts_at' || name === 'sale_ends_at') {
        return withOffset(text);
    }
    if (name === 'limit_per_user' || name === 'stock') {
        // what is no number goes as it is, and the service says what it wants
        return text === '' ? null : /^-?\d{1,15}$/.test(text) ? Number(text) : text;
    }
    return text;
}

/** @param gift to be changed; none for a new one */
function GiftForm({ gift, onClose }) {
    const before = useRef(formOf(gift)).current;
    const [form, setForm] = useState(before);
    const [trouble, setTrouble] = useState(null);
    const [busy, setBusy] = useState(false);
    const [asks, setAsks] = useState(false);
    const under = useRef(false);
    useFocusOnWrong(trouble);
    const set = name => event => {
        setForm({ ...form, [name]: event.target.value });
        setAsks(false);
    };

    async function send(event) {
        event.preventDefault();
        const body = changes(form, before);
        if (under.current || !isFinished(event.currentTarget, setTrouble)) {
            return;
        }
        if (gift !== undefined && Object.keys(body).length === 0) {
            onClose();
            return;
        }
        if (gift !== undefined && !asks && endsSale(gift, body)) {
            setAsks(true);
            return;
        }
        under.current = true;
        setBusy(true);
        setTrouble(null);
        try {
            const answer = gift === undefined
                ? await call('POST', '/gifts', { body })
                : await call('PATCH', `/gifts/${gift.id}`, { body });
            keep(answer);
            announce(t(gift === undefined ? 'desk.gifts.made' : 'desk.gifts.changed', { name: answer.name }));
            onClose();
        } catch (problem) {
            setTrouble(problem);
            if (isOpen(problem)) {
                readAll();
            }
            setBusy(false);
        }
        under.current = false;
    }

    return html`<${Dialog} onClose=${onClose}
            title=${gift === undefined ? t('desk.gifts.new') : t('desk.gifts.change-of', { name: gift.name })}>
        <form onSubmit=${send} novalidate>
            ${trouble && !FIELDS.includes(fieldOf(trouble)) && html`<${Trouble} problem=${trouble} />`}
            <${Field} name="name" label=${t('desk.gift.name')} trouble=${trouble} value=${form.name} onInput=${set('name')}
                maxlength="100" autofocus required autocomplete="off" />
            <div class="columns">
                <${Field} name="price" label=${t('desk.gift.price-yuan')} trouble=${trouble} value=${form.price}
                    onInput=${set('price')} inputmode="decimal" placeholder="9.90" required autocomplete="off" />
                ${gift === undefined && html`<${Field} name="stock" label=${t('desk.gift.stock')} trouble=${trouble}
                    value=${form.stock} onInput=${set('stock')} inputmode="numeric" required autocomplete="off" />`}
                <${Field} name="limit_per_user" label=${t('desk.gift.limit')} hint=${t('desk.gift.limit-hint')}
                    trouble=${trouble} value=${form.limit_per_user} onInput=${set('limit_per_user')} inputmode="numeric"
                    autocomplete="off" />
            </div>
            <div class="columns">
                <${Field} name="sale_starts_at" label=${t('desk.gift.starts')} hint=${t('desk.gift.starts-hint')}
                    trouble=${trouble} type="datetime-local" step="1" value=${form.sale_starts_at}
                    onInput=${set('sale_starts_at')} />
                <${Field} name="sale_ends_at" label=${t('desk.gift.ends')} hint=${t('desk.gift.ends-hint')}
                    trouble=${trouble} type="datetime-local" step="1" value=${form.sale_ends_at}
                    onInput=${set('sale_ends_at')} />
            </div>
            <p class="note">${t('desk.times-in', { zone: zone() })}</p>
            ${asks && html`<p class="warning" role="alert">${t('desk.gifts.ends-sale')}</p>`}
            <footer>
                <button type="button" class="secondary outline" onClick=${onClose}>${t('desk.cancel')}</button>
                <button type="submit" aria-busy=${busy ? 'true' : undefined}>
                    ${asks ? t('desk.gifts.yes-change') : t(gift === undefined ? 'desk.gifts.make' : 'desk.save')}</button>
            </footer>
        </form>
    <//>`;
}

/** Whether buyers who can order this gift now cannot any more. */
function endsSale(gift, body) {
    const now = Date.now();
    return stateOf(gift, now) === 'on'
        && stateOf({ ...gift, ...body, stock: gift.stock }, now) !== 'on';
}

function Restock({ gift, onClose }) {
    const [way, setWay] = useState('add');
    const [text, setText] = useState('');
    const [trouble, setTrouble] = useState(null);
    const [asks, setAsks] = useState(false);
    const [busy, setBusy] = useState(false);
    const under = useRef(false);
    useFocusOnWrong(trouble);
    const known = /^[1-9]\d{0,9}$/.test(text.trim());
    const pieces = known ? Number(text) : 0;
    const after = gift.stock + (way === 'add' ? pieces : -pieces);

    async function send(event) {
        event.preventDefault();
        if (under.current) {
            return;
        }
        if (way === 'take' && known && !asks) {
            setAsks(true);
            return;
        }
        under.current = true;
        setBusy(true);
        setTrouble(null);
        try {
            const restock = known ? (way === 'add' ? pieces : -pieces) : text.trim();
            const answer = await call('PATCH', `/gifts/${gift.id}`, { body: { restock } });
            keep(answer);
            announce(t('desk.gifts.restocked', { name: answer.name, stock: number(answer.stock) }));
            onClose();
        } catch (problem) {
            setTrouble(problem);
            setAsks(false);
            setBusy(false);
            if (isOpen(problem)) {
                // whether it happened shows in the stock: nothing is sent again by itself
                setText('');
                readAll();
            }
        }
        under.current = false;
    }

    return html`<${Dialog} title=${t('desk.gifts.restock-of', { name: gift.name })} onClose=${onClose}>
        <form onSubmit=${send} novalidate>
            ${trouble && fieldOf(trouble) !== 'restock' && html`<${Trouble} problem=${trouble} />`}
            <fieldset class="choice">
                <legend class="unseen">${t('desk.gifts.restock')}</legend>
                ${['add', 'take'].map(one => html`<label>
                    <input type="radio" name="way" value=${one} checked=${way === one}
                        onChange=${() => { setWay(one); setAsks(false); }} />${t(`desk.gifts.${one}`)}</label>`)}
            </fieldset>
            <${Field} name="restock" label=${t('desk.gifts.pieces')} trouble=${trouble} value=${text} autofocus
                onInput=${event => { setText(event.target.value); setAsks(false); }} inputmode="numeric" autocomplete="off" />
            <p class="sum">${t('desk.gifts.stock-now', { stock: number(gift.stock) })}
                ${known && html` → <strong>${number(Math.max(0, after))}</strong>`}</p>
            ${asks && html`<p class="warning" role="alert">${t('desk.gifts.takes', { pieces: number(pieces) })}</p>`}
            <footer>
                <button type="button" class="secondary outline" onClick=${onClose}>${t('desk.cancel')}</button>
                <button type="submit" class=${asks ? 'danger' : ''} aria-busy=${busy ? 'true' : undefined}>
                    ${asks ? t('desk.gifts.yes-take') : t(way === 'add' ? 'desk.gifts.do-add' : 'desk.gifts.do-take')}</button>
            </footer>
        </form>
    <//>`;
}
