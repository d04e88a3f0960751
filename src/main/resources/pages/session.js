// Who is signed in on this page. A session belongs to one tab: a buyer in one, an operator in another, and neither can
// order in the other's name. It lives in sessionStorage, so it outlasts a reload and the way to Alipay and back.
import { useEffect, useReducer, html, useState } from './html.js';
import { addTexts, t, useLanguage } from './language.js';
import { beginSignIn, endSignIn, finishSignIn, goOn, isComingBack, renew } from './openid.js';

const KEY = 'gift-orders.session';

/** A token that ends sooner than this is renewed before it is used. */
const RENEW_BEFORE_MILLIS = 60_000;

const UNREACHABLE = 'sign-in.unreachable';

const listeners = new Set();
let current = stored();
let ended = null;
let failure = null;
let underWay = null;
let renewal = null;
let renewalFailure = null;
let settingsAnswer = null;

if (isComingBack()) {
    underWay = settings()
        .then(finishSignIn)
        .then(tokens => begin(sessionOf('openid', tokens)))
        .then(goOn)
        .catch(problem => {
            failure = problem;
        })
        .finally(() => {
            underWay = null;
            tell();
        });
}

/** {uid, operator, name}, or null while nobody is signed in. The object stays the same as long as the session does. */
export function session() {
    return current;
}

/** As `session`; a component that calls it is drawn again when that changes. */
export function useSession() {
    const [, redraw] = useReducer(count => count + 1, 0);
    const drawn = current;
    useEffect(() => {
        if (drawn !== current) {
            redraw();
        }
        return onSession(redraw);
    }, []);
    return current;
}

/** Calls back after each change; the answer ends that. */
export function onSession(listener) {
    listeners.add(listener);
    return () => listeners.delete(listener);
}

/** The uid whose session has run out on this page, or null. Signing in as the same goes on where it was. */
export function endedSession() {
    return ended;
}

/**
 * The token to send in the name of a session; null if that one is not the page's any more, or cannot be renewed. Fails if
 * whoever renews it cannot be reached: the session is not over by that.
 */
export async function token(as = current) {
    await underWay;
    if (as === null || as !== current) {
        return null;
    }
    if (as.tokens.expiresAt - Date.now() < RENEW_BEFORE_MILLIS) {
        renewal ??= renewed(as).finally(() => {
            renewal = null;
        });
        await renewal;
    }
    if (as === current && as.tokens.expiresAt > Date.now()) {
        return as.tokens.access;
    }
    if (as === current && renewalFailure !== null && (renewalFailure.textKey ?? UNREACHABLE) === UNREACHABLE) {
        throw renewalFailure;
    }
    return null;
}

/** Signs in: as a demo buyer or operator, or by way of the OpenID provider, which leaves the page. */
export async function signIn(demo) {
    failure = null;
    const how = await settings();
    if (how.kind === 'openid') {
        await beginSignIn(how);
        return;
    }
    if (how.kind !== 'demo') {
        throw new Error('nobody can sign in here');
    }
    begin(sessionOf('demo', await demoTokens(how, demo), demo));
}

/** Forgets the session, and tells the OpenID provider if it wants to be told, which leaves the page. */
export async function signOut() {
    const was = current;
    current = null;
    ended = null;
    store();
    tell();
    if (was?.kind === 'openid') {
        await endSignIn(await settings(), was.tokens);
    }
}

/** The service does not take this session's token any more. Does nothing if another session is there meanwhile. */
export function expire(as) {
    if (as !== null && as === current) {
        ended = as.uid;
        current = null;
        store();
        tell();
    }
}

/** How people sign in here: {kind: 'demo' | 'openid' | 'none', …}. Asked once. */
export function settings() {
    settingsAnswer ??= fetch('/sign-in', { credentials: 'omit', headers: { Accept: 'application/json' } })
        .then(answer => {
            if (!answer.ok) {
                throw new Error(`sign-in settings: ${answer.status}`);
            }
            return answer.json();
        })
        .catch(problem => {
            settingsAnswer = null;
            throw problem;
        });
    return settingsAnswer;
}

async function renewed(as) {
    try {
        const how = await settings();
        const tokens = as.kind === 'demo' ? await demoTokens(how, as) : await renew(how, as.tokens);
        if (as === current && tokens !== null) {
            as.tokens = tokens;
            store();
        }
        renewalFailure = null;
    } catch (failed) {
        // the old one is good for a while yet
        renewalFailure = failed;
    }
}

async function demoTokens(how, { uid, operator }) {
    const answer = await fetch(how.demo_tokens, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ uid, operator }),
        credentials: 'omit',
    });
    if (!answer.ok) {
        throw new Error(`demo tokens: ${answer.status}`);
    }
    const access = (await answer.text()).trim();
    return { access, expiresAt: claims(access).exp * 1000 };
}

function sessionOf(kind, tokens, { name } = {}) {
    const { sub, scope, scp } = claims(tokens.access);
    const scopes = scope ?? scp ?? [];
    return {
        kind,
        uid: sub,
        operator: (typeof scopes === 'string' ? scopes.split(' ') : scopes).includes('shop:operate'),
        name: name ?? tokens.name ?? sub,
        tokens,
    };
}

function begin(fresh) {
    current = fresh;
    ended = null;
    store();
    tell();
}

/** What a token says, to be shown; whether it is true is the service's to check. */
function claims(jwt) {
    const part = jwt.split('.')[1].replace(/-/g, '+').replace(/_/g, '/');
    return JSON.parse(new TextDecoder().decode(Uint8Array.from(atob(part), letter => letter.charCodeAt(0))));
}

function tell() {
    listeners.forEach(listener => listener());
}

function store() {
    try {
        if (current === null) {
            sessionStorage.removeItem(KEY);
        } else {
            sessionStorage.setItem(KEY, JSON.stringify(current));
        }
    } catch {
        // storage is forbidden: the session ends with the page
    }
}

function stored() {
    try {
        const found = JSON.parse(sessionStorage.getItem(KEY));
        return found?.tokens?.access ? found : null;
    } catch {
        return null;
    }
}

const DEMO = [
    { uid: 7, operator: false, name: 'Lin 林' },
    { uid: 8, operator: false, name: 'Ada' },
    { uid: 9, operator: false, name: 'Wang 王' },
    { uid: 1, operator: true, name: 'Operator 店长' },
];

/** The ways to sign in. Gives a heading, so that it can be a page of its own or a part of one. */
export function SignIn({ operator = false, heading = 'h2' }) {
    useLanguage();
    useSession();
    const [how, setHow] = useState(null);
    const [problem, setProblem] = useState(null);
    const [busy, setBusy] = useState(underWay !== null);
    const [asked, askAgain] = useReducer(times => times + 1, 0);
    useEffect(() => {
        let gone = false;
        setProblem(null);
        settings().then(found => gone || setHow(found), lost => gone || setProblem(lost));
        underWay?.finally(() => gone || setBusy(false));
        return () => {
            gone = true;
        };
    }, [asked]);

    async function enter(demo) {
        setBusy(true);
        setProblem(null);
        try {
            await signIn(demo);
        } catch (lost) {
            setProblem(lost);
        }
        setBusy(false);
    }

    const shown = problem ?? failure;
    return html`<section class="sign-in" aria-busy=${busy || (how === null && problem === null) ? 'true' : undefined}>
        <${heading}>${t('sign-in.title')}</${heading}>
        ${ended !== null && html`<p>${t('sign-in.ended')}</p>`}
        ${shown && html`<p role="alert">${t(shown.textKey ?? 'sign-in.failed')}</p>`}
        ${how === null && problem !== null && html`
            <button type="button" onClick=${askAgain}>${t('sign-in.again')}</button>`}
        ${how?.kind === 'demo' && html`
            <p>${t('sign-in.demo')}</p>
            <div class="choices">
                ${DEMO.filter(one => !operator || one.operator).map(one => html`
                    <button type="button" class=${one.operator ? 'secondary' : ''} disabled=${busy}
                        onClick=${() => enter(one)}>${one.name}</button>`)}
            </div>`}
        ${how?.kind === 'openid' && html`
            <button type="button" disabled=${busy} onClick=${() => enter()}>${t('sign-in.go')}</button>`}
        ${how?.kind === 'none' && html`<p>${t('sign-in.none')}</p>`}
    </section>`;
}

addTexts({
    en: {
        'sign-in.title': 'Sign in',
        'sign-in.ended': 'You have been signed out because time ran out. Your cart is still here: sign in to go on.',
        'sign-in.demo': 'This is a demo shop: choose who you are.',
        'sign-in.go': 'Sign in',
        'sign-in.again': 'Try again',
        'sign-in.none': 'This shop has no sign-in on its pages. You can look around; ordering takes a token of the shop.',
        'sign-in.failed': 'Signing in did not work. Please try again.',
        'sign-in.denied': 'The sign-in was cancelled. You can try again.',
        'sign-in.mismatch': 'This sign-in was not begun on this page, or is too old. Please sign in again.',
        'sign-in.unreachable': 'The sign-in service does not answer just now. Please try again in a moment.',
    },
    zh: {
        'sign-in.title': '登录',
        'sign-in.ended': '登录已过期。购物车还在，请重新登录后继续。',
        'sign-in.demo': '这是演示商店，请选择您的身份。',
        'sign-in.go': '登录',
        'sign-in.again': '重试',
        'sign-in.none': '本店页面没有登录功能。您可以浏览，下单需要本店的令牌。',
        'sign-in.failed': '登录未成功，请重试。',
        'sign-in.denied': '登录已取消，您可以重试。',
        'sign-in.mismatch': '这次登录不是从本页面开始的，或已过期。请重新登录。',
        'sign-in.unreachable': '登录服务暂时没有响应，请稍后再试。',
    },
});
