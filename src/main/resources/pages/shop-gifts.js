// The catalogue: what is on sale, live.

import { html, useEffect, useRef } from './html.js';
import { money, number, t } from './language.js';
import { announce, Notice } from './frame.js';
import { catalogue, more, onCatalogue } from './shop-catalogue.js';
import { cart, countOf, frozen, MOST_PIECES, piecesOf, setPieces, sumOf } from './shop-cart.js';
import { forgetRefusal } from './shop-checkout.js';
import { now, useTurn } from './shop-clock.js';
import { Countdown, Mark, Pieces, TimeOf, useDraw, useOwner, useStore } from './shop-parts.js';

/** Of so few pieces the page says "only". */
const FEW = 10;

/** 'soon', 'buy', 'sold-out' or 'over', by the service's clock. */
export function phaseOf(gift) {
    const at = now();
    if (gift.sale_ends_at !== undefined && at >= Date.parse(gift.sale_ends_at)) {
        return 'over';
    }
    if (gift.sale_starts_at !== undefined && at < Date.parse(gift.sale_starts_at)) {
        return 'soon';
    }
    return gift.stock > 0 ? 'buy' : 'sold-out';
}

/** The most pieces that a cart may have of a gift: its limit. What is left changes by the second and is said apart. */
export function mostOf(gift) {
    return Math.min(gift.limit_per_user ?? MOST_PIECES, MOST_PIECES);
}

export function GiftsView() {
    useDraw(onCatalogue);
    useStore();
    const owner = useOwner();
    const { ids, gifts, next, loading, failure, begun, live } = catalogue();
    const lines = cart(owner);
    const locked = frozen(owner);
    return html`
        <h1>${t('gifts.title')}</h1>
        <p class="live" role="status">${begun && (live === 'lost' || failure !== null) && t('gifts.lost')}</p>
        ${!begun && failure === null && html`<p class="quiet" aria-busy="true">${t('gifts.loading')}</p>`}
        ${!begun && failure !== null && html`<${Notice} problem=${failure} />`}
        ${begun && ids.length === 0 && html`<p class="quiet">${t('gifts.none')}</p>`}
        ${locked && html`<p class="locked">${t('gifts.locked')} <a href="#/cart">${t('gifts.toCart')}</a></p>`}
        <ul class="gifts">
            ${ids.filter(id => gifts.has(id)).map(id => html`
                <${Gift} key=${id} gift=${gifts.get(id)} pieces=${piecesOf(lines, id)} owner=${owner} locked=${locked} />`)}
        </ul>
        ${begun && next !== null && html`<${More} loading=${loading} />`}
        ${lines.length > 0 && html`<${Bar} lines=${lines} gifts=${gifts} />`}`;
}

function Gift({ gift, pieces, owner, locked }) {
    useTurn(gift.sale_starts_at, gift.sale_ends_at);
    const phase = phaseOf(gift);
    const before = useRef(phase);
    useEffect(() => {
        if (before.current === 'soon' && phase === 'buy') {
            announce(t('gifts.nowOnSale', { gift: gift.name }));
        }
        before.current = phase;
    }, [phase]);
    const added = useRef(false);
    useEffect(() => {
        added.current = false;
    }, [pieces]);
    const put = count => {
        if (setPieces(owner, gift, count) && pieces === 0) {
            added.current = true;
            announce(t('gifts.added', { gift: gift.name }));
        }
        forgetRefusal();
    };
    return html`
        <li class=${`gift ${phase}`} data-gift=${gift.id}>
            <${Mark} id=${gift.id} name=${gift.name} />
            <h2>${gift.name}</h2>
            <p class="price">${money(gift.price)}</p>
            <p class="facts">
                <${Stock} gift=${gift} phase=${phase} />
                ${gift.limit_per_user !== undefined && html`<span>${t('gifts.limit', { n: number(gift.limit_per_user) })}</span>`}
            </p>
            ${(gift.sale_starts_at ?? gift.sale_ends_at) !== undefined && html`<p class="sale"><${Sale} gift=${gift} phase=${phase} /></p>`}
            <div class="act">
                ${phase === 'buy' && pieces > 0
                    ? html`<${Pieces} name=${gift.name} pieces=${pieces} most=${mostOf(gift)} locked=${locked} onPieces=${put}
                            focus=${added.current} />
                        <span class="in-cart">${t('gifts.inCart', { n: number(pieces) })}</span>`
                    : html`<button type="button" disabled=${phase !== 'buy' || locked} onClick=${() => put(1)}
                        aria-label=${phase === 'buy' ? t('gifts.addNamed', { gift: gift.name }) : null}>
                        ${t(phase === 'buy' ? 'gifts.add' : `gifts.${phase}`)}</button>`}
            </div>
        </li>`;
}

function Stock({ gift, phase }) {
    if (gift.stock === 0) {
        return html`<span class="stock none">${t('gifts.sold-out')}</span>`;
    }
    const few = gift.stock <= FEW && phase === 'buy';
    return html`<span class=${few ? 'stock few' : 'stock'}>${t(few ? 'gifts.few' : 'gifts.left', { n: number(gift.stock) })}</span>`;
}

function Sale({ gift, phase }) {
    if (phase === 'soon') {
        return html`${t('gifts.startsIn')} <${Countdown} key="start" until=${gift.sale_starts_at} />
            <span class="when"><${TimeOf} iso=${gift.sale_starts_at} /></span>`;
    }
    if (gift.sale_ends_at === undefined) {
        return null;
    }
    return phase === 'over'
        ? html`<span class="when">${t('gifts.over')} · <${TimeOf} iso=${gift.sale_ends_at} /></span>`
        : html`${t('gifts.endsIn')} <${Countdown} key="end" until=${gift.sale_ends_at} />
            <span class="when"><${TimeOf} iso=${gift.sale_ends_at} /></span>`;
}

/** Reads further gifts when one comes near the end, or by the button. */
function More({ loading }) {
    const button = useRef(null);
    useEffect(() => {
        // after a failure the catalogue asks again in its own time, or whoever presses the button does
        const near = new IntersectionObserver(
            seen => seen.some(each => each.isIntersecting) && catalogue().failure === null && more(), { rootMargin: '600px' });
        near.observe(button.current);
        return () => near.disconnect();
    }, [loading]);
    return html`<button ref=${button} type="button" class="secondary outline further" aria-busy=${loading} onClick=${more}>
        ${t('gifts.more')}</button>`;
}

/** The way to the cart, always at hand. */
function Bar({ lines, gifts }) {
    const count = countOf(lines);
    return html`
        <a class="bar" role="button" href="#/cart">
            <span>${t(count === 1 ? 'gifts.barOne' : 'gifts.bar', { n: number(count) })}${' · '}${
                money(sumOf(lines, line => gifts.get(line.id)?.price ?? line.price))}</span>
            <span>${t('gifts.toCart')}</span>
        </a>`;
}
