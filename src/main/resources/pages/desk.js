// The operator's desk: which page is shown, and to whom.
import { html, render } from './html.js';
import { t, useLanguage } from './language.js';
import { SignIn, signOut, useSession } from './session.js';
import { Frame, usePath } from './frame.js';
import './texts-desk.js';
import { Gifts } from './desk-gifts.js';
import { Orders } from './desk-orders.js';
import { Order } from './desk-order.js';
import { Payments, Discrepancies } from './desk-payments.js';
import { Live } from './desk-live.js';

const PAGES = [
    { at: '/gifts', page: Gifts },
    { at: '/orders', page: Orders },
    { at: '/payments', page: Payments },
    { at: '/discrepancies', page: Discrepancies },
    { at: '/live', page: Live },
];

function Desk() {
    useLanguage();
    const who = useSession();
    const path = usePath();
    const place = path.split('?')[0];
    const found = PAGES.find(({ at }) => place === at || place.startsWith(`${at}/`)) ?? PAGES[0];
    const links = PAGES.map(({ at }) => ({ href: `#${at}`, label: t(`desk.page.${at.slice(1)}`) }));
    return html`<${Frame} title=${`${t(`desk.page.${found.at.slice(1)}`)} · ${t('desk.title')}`} home="#/gifts"
            links=${who?.operator ? links : []} here=${`#${found.at}`}>
        ${page(who, found, place, path)}
    <//>`;
}

function page(who, found, place, path) {
    if (who === null) {
        return html`<p class="lead">${t('desk.for-operators')}</p><${SignIn} operator heading="h1" />`;
    }
    if (!who.operator) {
        return html`<${Stranger} name=${who.name} />`;
    }
    const order = /^\/orders\/(\d+)$/.exec(place);
    return order === null
        ? html`<${found.page} key=${found.at} path=${path} />`
        : html`<${Order} key=${order[1]} code=${order[1]} />`;
}

function Stranger({ name }) {
    return html`<section class="stranger">
        <h1>${t('desk.stranger.title')}</h1>
        <p>${t('desk.stranger.text', { name })}</p>
        <p class="buttons"><a role="button" href="/">${t('desk.stranger.shop')}</a>
            <button type="button" class="secondary" onClick=${() => signOut()}>${t('desk.stranger.other')}</button></p>
    </section>`;
}

render(html`<${Desk} />`, document.body);
