// OpenID Connect: authorization code with PKCE (RFC 7636), for a client without a secret.

const PENDING = 'gift-orders.sign-in';

/** A sign-in that takes longer than this is begun again. */
const LONGEST_MILLIS = 15 * 60_000;

/** Chosen: as long as a person waits for a button. */
const LONGEST_ANSWER_MILLIS = 15_000;

const query = new URLSearchParams(location.search);
const returned = query.has('state') && (query.has('code') || query.has('error'))
    ? { state: query.get('state'), code: query.get('code'), error: query.get('error'), iss: query.get('iss') }
    : null;
const pending = returned === null ? null : takePending();
const elsewhere = pending !== null && pending.page.split('#')[0] !== location.pathname;
if (returned !== null) {
    // at once: the code is to be in no history and no referrer
    history.replaceState(null, '', pending === null || elsewhere ? location.pathname : pending.page);
}

/** A failure with the key of a text that says so in plain words. */
export class SignInFailure extends Error {
    constructor(textKey, detail = '') {
        super(`${textKey} ${detail}`);
        this.textKey = textKey;
    }
}

/** Whether the provider has just sent the browser back here. */
export function isComingBack() {
    return returned !== null;
}

/** Goes to the provider. Comes back to this page, this tab. */
export async function beginSignIn(how) {
    const provider = await discover(how);
    const state = random();
    const nonce = random();
    const verifier = random();
    const page = location.pathname + location.hash;
    sessionStorage.setItem(PENDING, JSON.stringify({ state, nonce, verifier, page, begun: Date.now() }));
    const address = new URL(provider.authorization_endpoint);
    const parameters = {
        response_type: 'code',
        client_id: how.client_id,
        redirect_uri: redirectUri(),
        scope: how.scope,
        state,
        nonce,
        code_challenge: await challenge(verifier),
        code_challenge_method: 'S256',
    };
    Object.entries(parameters).forEach(([name, value]) => address.searchParams.set(name, value));
    location.assign(address);
}

/** Goes on to the page on which the sign-in began, if that is another than the provider sent the browser back to. */
export function goOn() {
    if (elsewhere) {
        location.replace(pending.page);
    }
}

/** Makes tokens of what the provider sent the browser back with. */
export async function finishSignIn(how) {
    if (pending === null || pending.state !== returned.state || Date.now() - pending.begun > LONGEST_MILLIS) {
        throw new SignInFailure('sign-in.mismatch');
    }
    if (returned.error !== null) {
        throw new SignInFailure(returned.error === 'access_denied' ? 'sign-in.denied' : 'sign-in.failed', returned.error);
    }
    const provider = await discover(how);
    // RFC 9207: an answer of another provider than the one asked
    if (returned.iss !== null && returned.iss !== provider.issuer) {
        throw new SignInFailure('sign-in.mismatch');
    }
    const answer = await tokenCall(provider, {
        grant_type: 'authorization_code',
        code: returned.code,
        redirect_uri: redirectUri(),
        client_id: how.client_id,
        code_verifier: pending.verifier,
    });
    const identity = claims(answer.id_token);
    if (identity === null || identity.nonce !== pending.nonce || identity.iss !== provider.issuer
        || ![identity.aud].flat().includes(how.client_id)) {
        throw new SignInFailure('sign-in.mismatch');
    }
    return tokensOf(answer, { name: identity.name ?? identity.preferred_username, idToken: answer.id_token });
}

/** Fresh tokens, or null where the provider gave nothing to renew by. */
export async function renew(how, tokens) {
    if (!tokens.refresh) {
        return null;
    }
    const answer = await tokenCall(await discover(how), {
        grant_type: 'refresh_token',
        refresh_token: tokens.refresh,
        client_id: how.client_id,
    });
    return tokensOf(answer, tokens);
}

/** Ends the session at the provider too, if it says where. */
export async function endSignIn(how, tokens) {
    const provider = await discover(how).catch(() => null);
    if (provider?.end_session_endpoint) {
        const address = new URL(provider.end_session_endpoint);
        address.searchParams.set('client_id', how.client_id);
        address.searchParams.set('post_logout_redirect_uri', redirectUri());
        if (tokens.idToken) {
            address.searchParams.set('id_token_hint', tokens.idToken);
        }
        location.assign(address);
    }
}

/** One address to be registered at the provider, whatever page the sign-in began on. */
function redirectUri() {
    return `${location.origin}/`;
}

let discovered = null;

function discover(how) {
    discovered ??= discovery(how).catch(failure => {
        discovered = null;
        throw failure;
    });
    return discovered;
}

async function discovery(how) {
    const issuer = how.issuer.replace(/\/$/, '');
    const provider = await answerOf(`${issuer}/.well-known/openid-configuration`, {});
    if (provider.issuer?.replace(/\/$/, '') !== issuer) {
        throw new SignInFailure('sign-in.mismatch');
    }
    return provider;
}

function tokenCall(provider, form) {
    return answerOf(provider.token_endpoint, { method: 'POST', body: new URLSearchParams(form) });
}

async function answerOf(address, request) {
    let answer;
    try {
        answer = await fetch(address, {
            ...request,
            credentials: 'omit',
            headers: { Accept: 'application/json' },
            signal: AbortSignal.timeout(LONGEST_ANSWER_MILLIS),
        });
    } catch {
        throw new SignInFailure('sign-in.unreachable');
    }
    const json = await answer.json().catch(() => null);
    if (!answer.ok || json === null) {
        throw new SignInFailure(answer.status >= 500 ? 'sign-in.unreachable' : 'sign-in.failed', json?.error);
    }
    return json;
}

function tokensOf(answer, before) {
    return {
        access: answer.access_token,
        refresh: answer.refresh_token ?? before.refresh,
        idToken: answer.id_token ?? before.idToken,
        name: before.name,
        expiresAt: Date.now() + (answer.expires_in ?? 300) * 1000,
    };
}

function claims(jwt) {
    try {
        const part = jwt.split('.')[1].replace(/-/g, '+').replace(/_/g, '/');
        return JSON.parse(new TextDecoder().decode(Uint8Array.from(atob(part), letter => letter.charCodeAt(0))));
    } catch {
        return null;
    }
}

function takePending() {
    try {
        const found = JSON.parse(sessionStorage.getItem(PENDING));
        sessionStorage.removeItem(PENDING);
        return found;
    } catch {
        return null;
    }
}

/** 256 bits. */
function random() {
    return base64Url(crypto.getRandomValues(new Uint8Array(32)));
}

async function challenge(verifier) {
    return base64Url(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier))));
}

function base64Url(bytes) {
    return btoa(String.fromCharCode(...bytes)).replace(/\+/g, '-').replace(/\//g, '_').replace(/=/g, '');
}
