// Small parts that several of the shop's views are made of.

import { html, useEffect, useReducer, useRef, useState } from './html.js';
import { number, t, time } from './language.js';
import { endedSession, session, useSession } from './session.js';
import { NOBODY } from './shop-cart.js';
import { onChange } from './shop-store.js';
import { split, useLeft } from './shop-clock.js';

/** Draws a component again whenever `subscribe` calls. */
export function useDraw(subscribe) {
    const [, draw] = useReducer(count => count + 1, 0);
    useEffect(() => subscribe(draw), [subscribe]);
}

/** Draws a component again when the browser's store changes, in this tab or another. */
export function useStore() {
    useDraw(onChange);
}

/** Whose cart this is. Whoever has to sign in again still sees their own. */
export function useOwner() {
    useSession();
    return owner();
}

export function owner() {
    return session()?.uid ?? endedSession() ?? NOBODY;
}

/** Time left until a time of the service. Screen readers can read it, but are not told of every second. */
export function Countdown({ until }) {
    const left = useLeft(until);
    const { days, clock } = split(left);
    return html`<span class="countdown" role="timer" aria-live="off">${
        days > 0 && html`${t(days === 1 ? 'gifts.day' : 'gifts.days', { n: number(days) })}${' '}`
    }<span class="digits">${clock}</span></span>`;
}

/** A letter for a picture: the gifts have none. */
export function Mark({ id, name }) {
    const letters = [...name];
    const letter = letters.find(each => /\p{Script=Han}/u.test(each)) ?? letters[0] ?? '';
    return html`<span class=${`mark tint-${id % 6}`} aria-hidden="true">${letter.toUpperCase()}</span>`;
}

/**
 * How many pieces: less, a number, more. Never less than one; taking out is another button. `focus`: it takes the place of
 * a button that was pressed, and its focus.
 */
export function Pieces({ name, pieces, most, locked, onPieces, focus = false }) {
    const [typed, type] = useState(null);
    const field = useRef(null);
    const plus = useRef(null);
    useEffect(() => {
        if (focus) {
            (plus.current.disabled ? field : plus).current.focus({ preventScroll: true });
        }
    }, []);
    const settle = event => {
        type(null);
        const wanted = Number.parseInt(event.target.value, 10);
        if (Number.isSafeInteger(wanted) && wanted >= 1) {
            onPieces(Math.min(wanted, most));
        } else {
            event.target.value = pieces;
        }
    };
    return html`
        <div class="pieces" role="group" aria-label=${t('pieces.label', { gift: name })}>
            <button type="button" class="secondary outline" aria-label=${t('pieces.less', { gift: name })}
                disabled=${locked || pieces <= 1} onClick=${() => onPieces(pieces - 1)}>−</button>
            <input ref=${field} type="text" inputmode="numeric" autocomplete="off" maxlength="5"
                aria-label=${t('pieces.label', { gift: name })} disabled=${locked}
                value=${typed ?? pieces} onInput=${event => type(event.target.value)} onChange=${settle} />
            <button ref=${plus} type="button" class="secondary outline" aria-label=${t('pieces.more', { gift: name })}
                disabled=${locked || pieces >= most} onClick=${() => onPieces(pieces + 1)}>+</button>
        </div>`;
}

/** What an order is at, as a word in a frame. */
export function Status({ order, over = false }) {
    return html`<span class=${`status status-${statusOf(order, over)}`}>${statusText(order, over)}</span>`;
}

/** The status of an order as the texts name it: '1' to '6', or 'closing'. */
export function statusOf(order, over = false) {
    return order.status === 1 && (over || order.closing_at !== undefined) ? 'closing' : String(order.status);
}

export function statusText(order, over = false) {
    return t(`status.${statusOf(order, over)}`);
}

export function TimeOf({ iso }) {
    return html`<time datetime=${iso}>${time(iso)}</time>`;
}

/** A question before something that cannot be taken back. */
export function Ask({ title, detail, yes, no, onYes, onNo }) {
    const dialog = useRef(null);
    useEffect(() => dialog.current.showModal(), []);
    return html`
        <dialog ref=${dialog} class="ask" aria-labelledby="ask-title" aria-describedby="ask-detail" onClose=${onNo}>
            <article>
                <h2 id="ask-title">${title}</h2>
                <p id="ask-detail">${detail}</p>
                <div class="actions">
                    <button type="button" onClick=${onYes}>${yes}</button>
                    <button type="button" class="secondary outline" onClick=${onNo}>${no}</button>
                </div>
            </article>
        </dialog>`;
}
