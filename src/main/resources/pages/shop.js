// The shop: which view the address asks for, and what holds in all of them.

import { html, render, useEffect } from './html.js';
import { announce, Frame, usePath } from './frame.js';
import { number, t, useLanguage } from './language.js';
import { onSession, session } from './session.js';
import './texts-shop.js';
import { bringAlong, cart, countOf, piecesOf } from './shop-cart.js';
import { CartView } from './shop-cart-view.js';
import { onGiftChange, watch } from './shop-catalogue.js';
import { GiftsView } from './shop-gifts.js';
import { OrderView } from './shop-order-view.js';
import { OrdersView } from './shop-orders-view.js';
import { owner, useOwner, useStore } from './shop-parts.js';

function Shop() {
    useLanguage();
    useStore();
    const path = usePath();
    const buyer = useOwner();
    const [, first, second] = path.split('/');
    const catalogue = first === '' || first === 'cart';
    useEffect(() => (catalogue ? watch() : undefined), [catalogue]);
    const pieces = countOf(cart(buyer));
    const links = [
        { href: '#/', label: t('shop.gifts') },
        { href: '#/cart', label: t('shop.cart'), badge: pieces > 0 ? number(pieces) : '' },
        { href: '#/orders', label: t('shop.orders') },
    ];
    const here = `#/${first}`;
    return html`<${Frame} title=${titleOf(first, second)} links=${links} here=${here}><${View} key=${path} first=${first} second=${second} /><//>`;
}

function titleOf(first, second) {
    if (first === 'orders' && second) {
        return `${t('order.title')} ${second}`;
    }
    return t({ '': 'shop.gifts', cart: 'shop.cart', orders: 'shop.orders' }[first] ?? 'shop.notFound');
}

function View({ first, second }) {
    if (first === '') {
        return html`<${GiftsView} />`;
    }
    if (first === 'cart') {
        return html`<${CartView} />`;
    }
    if (first === 'orders' && !second) {
        return html`<${OrdersView} />`;
    }
    if (first === 'orders' && /^\d{1,19}$/.test(second)) {
        return html`<${OrderView} code=${second} />`;
    }
    return html`<h1>${t('shop.notFound')}</h1><p><a href="#/">${t('cart.browse')}</a></p>`;
}

/** Whoever listens hears what concerns their cart, and not every piece that others buy. */
function tellOfCart(before, after) {
    const wanted = piecesOf(cart(owner()), after.id);
    if (wanted > 0 && after.stock < wanted && before.stock >= wanted) {
        announce(after.stock === 0
            ? t('gifts.nowSoldOut', { gift: after.name })
            : t('gifts.nowFew', { gift: after.name, n: number(after.stock) }));
    }
}

function comeIn() {
    if (session() !== null) {
        bringAlong(session().uid);
    }
}

onGiftChange(tellOfCart);
onSession(comeIn);
comeIn();
render(html`<${Shop} />`, document.body);
