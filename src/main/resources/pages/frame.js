// What every page has around it: brand, navigation, language, who is signed in, and a voice for screen readers.
import { html, useEffect, useRef, useState } from './html.js';
import { addTexts, language, setLanguage, t, useLanguage } from './language.js';
import { signOut, useSession } from './session.js';
import { explain } from './explain.js';

/**
 * @param title of the page, for the browser's tab
 * @param links [{href, label, badge}]: the navigation; badge is a short text or nothing
 * @param here the href of the link that leads here
 * @param home where the brand leads
 */
export function Frame({ title, links = [], here, home = '#/', children }) {
    useLanguage();
    const who = useSession();
    useEffect(() => {
        document.title = title ? `${title} · ${t('frame.brand')}` : t('frame.brand');
    });
    return html`
        <a class="skip" href="#content" onClick=${skip}>${t('frame.skip')}</a>
        <header class="frame">
            <a class="brand" href=${home}>${t('frame.brand')}</a>
            <nav aria-label=${t('frame.navigation')}>
                <ul>${links.map(link => html`<li>
                    <a href=${link.href} aria-current=${link.href === here ? 'page' : undefined}>
                        ${link.label}${link.badge ? html` <span class="badge">${link.badge}</span>` : ''}</a>
                </li>`)}</ul>
            </nav>
            <div class="who">
                ${who !== null && html`
                    <span class="name"><span class="unseen">${t('frame.signed-in')} </span>${who.name}</span>
                    <button type="button" class="quiet" onClick=${() => signOut()}>${t('frame.sign-out')}</button>`}
                <button type="button" class="quiet" lang=${other() === 'zh' ? 'zh-CN' : 'en'}
                    onClick=${() => setLanguage(other())}>${other() === 'zh' ? '中文' : 'English'}</button>
            </div>
        </header>
        <main id="content" tabindex="-1">${children}</main>
        <${Voice} />`;
}

function other() {
    return language() === 'en' ? 'zh' : 'en';
}

/** Not by the address: its hash is the page that is shown. */
function skip(event) {
    event.preventDefault();
    document.getElementById('content').focus();
}

let speak = () => {};

/** Has a screen reader say it, without moving the focus. */
export function announce(text) {
    speak(text);
}

/** Two regions in turn, so that the same text twice is said twice. */
function Voice() {
    const [said, setSaid] = useState(['', '']);
    const turn = useRef(0);
    useEffect(() => {
        speak = text => {
            turn.current = 1 - turn.current;
            setSaid(turn.current === 0 ? [text, ''] : ['', text]);
        };
        return () => {
            speak = () => {};
        };
    }, []);
    return html`<div class="unseen" aria-live="polite">${said[0]}</div>
        <div class="unseen" aria-live="polite">${said[1]}</div>`;
}

/**
 * A problem in plain words.
 *
 * @param problem what `call` failed with
 * @param action {label, run}: a button; or nothing
 * @param about as for `explain`
 */
export function Notice({ problem, action, about }) {
    useLanguage();
    const { title, detail, next } = explain(problem, about);
    return html`<div class="notice" role="alert">
        <strong>${title}</strong>
        <p>${detail} ${next}</p>
        ${action && html`<button type="button" class="secondary" onClick=${action.run}>${action.label}</button>`}
    </div>`;
}

/** The page that the address asks for, such as '/orders'. After a change the focus is at the new page's beginning. */
export function usePath() {
    const [path, setPath] = useState(pathNow());
    const first = useRef(true);
    useEffect(() => {
        const change = () => setPath(pathNow());
        addEventListener('hashchange', change);
        change(); // what changed between the first drawing and now was heard by nobody
        return () => removeEventListener('hashchange', change);
    }, []);
    useEffect(() => {
        if (first.current) {
            first.current = false;
            return;
        }
        scrollTo(0, 0);
        focusHeading();
    }, [path]);
    return path;
}

/** Puts the focus where the page begins: what had it is gone. */
export function focusHeading() {
    const heading = document.querySelector('main h1') ?? document.querySelector('main');
    heading?.setAttribute('tabindex', '-1');
    heading?.focus({ preventScroll: true });
}

function pathNow() {
    return location.hash.replace(/^#/, '') || '/';
}

/** The time now, drawn again every so many milliseconds: for what counts down. */
export function useNow(everyMillis = 1000) {
    const [now, setNow] = useState(Date.now());
    useEffect(() => {
        const clock = setInterval(() => setNow(Date.now()), everyMillis);
        return () => clearInterval(clock);
    }, [everyMillis]);
    return now;
}

addTexts({
    en: {
        'frame.brand': 'Gift Orders',
        'frame.skip': 'Skip to content',
        'frame.navigation': 'Pages',
        'frame.signed-in': 'Signed in as',
        'frame.sign-out': 'Sign out',
    },
    zh: {
        'frame.brand': '礼品订购',
        'frame.skip': '跳到内容',
        'frame.navigation': '页面',
        'frame.signed-in': '当前用户',
        'frame.sign-out': '退出',
    },
});
