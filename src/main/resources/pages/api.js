// Calls of this service. Tokens go into the Authorization header only, and only to this service.
import { language } from './language.js';
import { session, token, expire } from './session.js';

/** Chosen: longer than the service takes for anything but a stream, shorter than a person waits. */
const LONGEST_ANSWER_MILLIS = 30_000;

/** The service understood and declined: an RFC 9457 problem. */
export class Problem extends Error {
    constructor(status, members, retryAfter) {
        super(members.detail ?? members.title ?? String(status));
        this.status = status;
        /** The last part of its type, such as 'out-of-stock'. */
        this.name = String(members.type ?? '').replace(/^\/problems\//, '') || 'internal-error';
        this.title = members.title ?? '';
        this.detail = members.detail ?? '';
        this.members = members;
        /** Seconds, or null. */
        this.retryAfter = retryAfter;
    }
}

/**
 * No answer of the service: whether it did what was asked is not known.
 * `cause` is 'offline', 'broken', 'slow' or 'foreign' (somebody else answered, such as a proxy with a page of its own).
 */
export class NoAnswer extends Error {
    constructor(cause, status = 0) {
        super(cause);
        this.name = 'no-answer';
        this.cause = cause;
        this.status = status;
        this.retryAfter = null;
    }
}

/**
 * Calls the service.
 *
 * @param body sent as JSON; a string is sent as it is
 * @param anonymous without a token
 * @param as the session whose token to use; the present one unless told otherwise. Fails with a Problem
 *     'not-authenticated' if that one has ended or another has taken its place: nothing is ever sent in another's name
 * @return the JSON of the answer, or null if there is none; fails with Problem, NoAnswer, or AbortError of the signal
 */
export async function call(method, path, options = {}) {
    const { body, idempotencyKey, signal, anonymous = false, timeout = LONGEST_ANSWER_MILLIS } = options;
    const address = ownPath(path);
    const as = anonymous ? null : options.as ?? session();
    const late = new AbortController();
    const clock = setTimeout(() => late.abort(), timeout);
    const giveUp = () => late.abort();
    signal?.addEventListener('abort', giveUp);
    try {
        signal?.throwIfAborted();
        const headers = await headersFor(as, anonymous);
        if (body !== undefined) {
            headers['Content-Type'] = 'application/json';
        }
        if (idempotencyKey !== undefined) {
            headers['Idempotency-Key'] = idempotencyKey;
        }
        const answer = await fetch(address, {
            method,
            headers,
            body: body === undefined || typeof body === 'string' ? body : JSON.stringify(body),
            signal: late.signal,
            credentials: 'omit',
            cache: 'no-store',
            redirect: 'error',
        });
        return await read(answer);
    } catch (failure) {
        signal?.throwIfAborted();
        if (failure instanceof Problem && failure.status === 401 && as !== null) {
            expire(as);
        }
        throw understood(failure);
    } finally {
        clearTimeout(clock);
        signal?.removeEventListener('abort', giveUp);
    }
}

/** The headers that every call has: the language of the page, and who asks. */
export async function headersFor(as, anonymous) {
    const headers = { Accept: 'application/json, application/problem+json', 'Accept-Language': language() };
    if (!anonymous) {
        const bearer = as === null ? null : await token(as);
        if (bearer === null) {
            throw new Problem(401, { type: '/problems/not-authenticated', status: 401 }, null);
        }
        headers.Authorization = `Bearer ${bearer}`;
    }
    return headers;
}

/** The JSON of an answer. Fails as `call` does. */
export async function read(answer) {
    const type = (answer.headers.get('Content-Type') ?? '').split(';')[0].trim();
    if (type === 'application/problem+json') {
        throw new Problem(answer.status, await json(answer), seconds(answer.headers.get('Retry-After')));
    }
    if (!answer.ok) {
        throw new NoAnswer('foreign', answer.status);
    }
    if (type === 'application/json') {
        return json(answer);
    }
    const text = await answer.text();
    if (text !== '') {
        throw new NoAnswer('foreign', answer.status);
    }
    return null;
}

/** What a failed fetch means: never a bare TypeError. */
export function understood(failure) {
    if (failure instanceof Problem || failure instanceof NoAnswer) {
        return failure;
    }
    if (failure?.name === 'AbortError') {
        return new NoAnswer('slow');
    }
    return new NoAnswer(navigator.onLine === false ? 'offline' : 'broken');
}

async function json(answer) {
    const text = await answer.text();
    try {
        return JSON.parse(text);
    } catch {
        throw new NoAnswer('foreign', answer.status);
    }
}

function seconds(header) {
    return header !== null && /^\d+$/.test(header) ? Number(header) : null;
}

/** A path of this service: a token never goes elsewhere. */
export function ownPath(path) {
    const url = new URL(path, location.origin);
    if (url.origin !== location.origin) {
        throw new TypeError(`not a path of this service: ${path}`);
    }
    return url.pathname + url.search;
}
