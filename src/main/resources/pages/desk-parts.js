// What the pages of the desk are made of.
import { html, useEffect, useLayoutEffect, useRef, useState } from './html.js';
import { hasText, t } from './language.js';
import { NoAnswer, Problem } from './api.js';
import { explain } from './explain.js';

/** A time of the API as every table shows it: in the operator's time zone, of the same width everywhere. */
export function stamp(iso) {
    return iso ? `${local(iso).slice(0, 10)} ${local(iso).slice(11)}` : '';
}

/** A time of the API as `datetime-local` takes it. */
export function local(iso) {
    const time = new Date(iso);
    const two = value => String(value).padStart(2, '0');
    return `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`
        + `T${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}`;
}

/** What was typed into `datetime-local`, with the offset that the operator's time zone has at that moment. */
export function withOffset(text) {
    const time = new Date(text);
    if (text === '' || Number.isNaN(time.getTime())) {
        return null;
    }
    return local(time) + offset(time);
}

function offset(time) {
    const minutes = -time.getTimezoneOffset();
    const two = value => String(value).padStart(2, '0');
    return `${minutes < 0 ? '-' : '+'}${two(Math.floor(Math.abs(minutes) / 60))}:${two(Math.abs(minutes) % 60)}`;
}

/** The operator's time zone, such as 'Asia/Shanghai (+08:00)'. */
export function zone() {
    return `${Intl.DateTimeFormat().resolvedOptions().timeZone} (${offset(new Date())})`;
}

/** A query string of what is not empty. */
export function query(values) {
    const all = new URLSearchParams();
    for (const [name, value] of Object.entries(values)) {
        if (value !== null && value !== undefined && value !== '') {
            all.set(name, value);
        }
    }
    return all.toString();
}

/** Money in fen: exact, and larger than a number is. */
export function fen(amount) {
    const [yuan, cents = ''] = amount.split('.');
    return BigInt(yuan) * 100n + BigInt(cents.padEnd(2, '0'));
}

export function yuan(amountFen) {
    return `${amountFen / 100n}.${String(amountFen % 100n).padStart(2, '0')}`;
}

export const STATUSES = [1, 2, 3, 4, 5, 6];

export function Status({ of, closing }) {
    const key = of === 1 && closing ? 'desk.status.closing' : `desk.status.${of}`;
    return html`<span class=${`status status-${of}`}>${t(key)}</span>`;
}

/** A problem, as an operator reads it. Some mean another thing here than in the shop. */
export function Trouble({ problem, action }) {
    const name = problem instanceof NoAnswer ? 'no-answer' : problem.name;
    const own = `desk.problem.${name}`;
    const { title, detail, next } = hasText(`${own}.title`)
        ? { title: t(`${own}.title`), detail: '', next: t(`${own}.next`) }
        : explain(problem);
    return html`<div class="notice" role="alert">
        <strong>${title}</strong>
        <p>${detail} ${next}</p>
        ${action && html`<button type="button" class="secondary" onClick=${action.run}>${action.label}</button>`}
    </div>`;
}

/** Whether nobody can say if the change happened. */
export function isOpen(problem) {
    return problem instanceof NoAnswer || problem.status >= 500;
}

/**
 * A labelled field. What the service says of it stands below it, and is read with it.
 *
 * @param trouble of the form, of which the field shows what is about it
 * @param name the member or parameter
 */
export function Field({ name, label, hint, trouble, children, ...input }) {
    const own = `desk.wrong.${name}`;
    const wrong = fieldOf(trouble) === name ? (hasText(own) ? t(own) : trouble.detail) : null;
    const about = [hint && `${name}-hint`, wrong && `${name}-wrong`].filter(Boolean).join(' ');
    const parts = { id: name, name, 'aria-invalid': wrong ? 'true' : undefined, 'aria-describedby': about || undefined };
    return html`<div class="field">
        <label for=${name}>${label}</label>
        <input ...${parts} ...${input} />
        ${hint && html`<small id=${`${name}-hint`}>${hint}</small>`}
        ${wrong && html`<small id=${`${name}-wrong`} class="wrong" role="alert">${wrong}</small>`}
    </div>`;
}

/**
 * Whether what is in a form can be sent. A date without its time has no value at all, and would be taken for none.
 *
 * @param tell hears of the field that is not finished, as of a refusal; null if there is none
 */
export function isFinished(form, tell) {
    const field = [...form.elements].find(one => one.validity?.badInput);
    const problem = field === undefined
        ? null
        : new Problem(400, { type: '/problems/invalid-request', field: field.name, detail: t('desk.unfinished') }, null);
    tell(problem);
    return problem === null;
}

/** The field that a refusal names, if it is one of a form's. */
export function fieldOf(problem) {
    return problem?.name === 'invalid-request' ? problem.members.field : undefined;
}

/** Moves the focus to what is wrong. */
export function useFocusOnWrong(trouble) {
    useEffect(() => {
        const field = fieldOf(trouble);
        if (field) {
            document.getElementById(field)?.focus();
        }
    }, [trouble]);
}

/** A dialog over the page: the browser keeps the focus in it, and gives it back afterwards. Escape closes it. */
export function Dialog({ title, onClose, children }) {
    const box = useRef(null);
    useLayoutEffect(() => {
        const dialog = box.current;
        dialog.showModal();
        return () => dialog.close();
    }, []);
    return html`<dialog ref=${box} aria-labelledby="dialog-title"
            onCancel=${event => { event.preventDefault(); onClose(); }}>
        <article>
            <header><h2 id="dialog-title">${title}</h2>
                <button type="button" class="quiet" aria-label=${t('desk.close')} onClick=${onClose}>✕</button>
            </header>
            ${children}
        </article>
    </dialog>`;
}

/** A table that scrolls by itself where the screen is narrow; the keyboard can scroll it too. */
export function Table({ label, head, children }) {
    return html`<div class="scroll" role="region" aria-label=${label} tabindex="0">
        <table>
            <thead><tr>${head.map(one => html`<th scope="col" class=${one.number ? 'number' : ''}>${one.text}</th>`)}</tr></thead>
            <tbody>${children}</tbody>
        </table>
    </div>`;
}

/**
 * Pages of a list, one after the other.
 *
 * @param read (path) gives an answer with `next`
 * @param rows (answer) gives what is on it
 */
export function usePages(read, rows) {
    const [state, setState] = useState({ rows: [], next: null, busy: false, problem: null, asked: false });
    const turn = useRef(0);

    async function go(path, before) {
        const mine = ++turn.current;
        setState({ rows: before, next: null, busy: true, problem: null, asked: true });
        let found = before;
        let next = path;
        try {
            // a page may be empty and go on: the search reads so many orders at a time
            for (let tries = 0; next && found.length === before.length && tries < MOST_TRIES; tries++) {
                const answer = await read(next);
                if (mine !== turn.current) {
                    return;
                }
                found = [...before, ...rows(answer)];
                next = answer.next ?? null;
            }
            setState({ rows: found, next, busy: false, problem: null, asked: true });
        } catch (problem) {
            if (mine === turn.current) {
                setState({ rows: before, next: null, busy: false, problem, asked: true, again: path });
            }
        }
    }

    return { ...state, first: path => go(path, []), more: () => go(state.next, state.rows),
        retry: () => go(state.again, state.rows) };
}

/** Empty pages that are passed over by themselves: a hundred thousand orders. */
const MOST_TRIES = 10;

/**
 * The form that searches a list by facts and by a span of time.
 *
 * @param facts the fields before the span: their names and labels
 * @param values what is in them, and whatever else belongs to the search
 * @param empty what is in them at first, and after they were cleared
 * @param problem what the service said of the last search
 * @param onValues (values) something was typed
 * @param onSearch (values) it is to be searched
 * @param children what else belongs to the form
 */
export function Search({ facts, values, empty, problem, onValues, onSearch, children }) {
    const [unfinished, setUnfinished] = useState(null);
    const trouble = unfinished ?? problem;
    useFocusOnWrong(trouble);
    const field = (name, label, rest) => html`<${Field} name=${name} label=${label} trouble=${trouble} value=${values[name]}
        onInput=${event => onValues({ ...values, [name]: event.target.value })} ...${rest} />`;
    const moment = { type: 'datetime-local', step: '1' };

    function submit(event) {
        event.preventDefault();
        if (isFinished(event.currentTarget, setUnfinished)) {
            onSearch(values);
        }
    }

    function clear() {
        setUnfinished(null);
        onValues(empty);
        onSearch(empty);
    }

    return html`<form class="search" aria-label=${t('desk.search')} onSubmit=${submit} novalidate>
        ${facts.map(({ name, label }) => field(name, label, { inputmode: 'numeric', autocomplete: 'off' }))}
        ${field('from', t('desk.from'), moment)}
        ${field('to', t('desk.to'), moment)}
        <div class="do">
            <button type="submit">${t('desk.search')}</button>
            <button type="button" class="secondary outline" onClick=${clear}>${t('desk.clear')}</button>
        </div>
        ${children}
    </form>`;
}

/** The address of the first page of what a search finds. */
export function found(path, values) {
    const trimmed = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value.trim()]));
    return `${path}?${query({ ...trimmed, from: withOffset(values.from), to: withOffset(values.to), limit: 50 })}`;
}

/** Below a list: more, nothing, or that it is being read. */
export function More({ list, none }) {
    return html`<div class="more">
        ${list.problem && !fieldOf(list.problem) && html`<${Trouble} problem=${list.problem}
            action=${{ label: t('desk.again'), run: list.retry }} />`}
        ${list.busy && html`<p aria-busy="true">${t('desk.reading')}</p>`}
        ${!list.busy && !list.problem && list.asked && list.rows.length === 0 && html`<p>${list.next ? t('desk.none-yet') : none}</p>`}
        ${!list.busy && list.next && html`<button type="button" class="secondary" onClick=${list.more}>${t('desk.more')}</button>`}
    </div>`;
}
