// The two languages of the pages, switched without a reload.
import { useReducer, useEffect } from './html.js';

const KEY = 'gift-orders.language';
const LOCALES = { en: 'en', zh: 'zh-CN' };

const texts = { en: {}, zh: {} };
const listeners = new Set();
let current = remembered() ?? byBrowser();
document.documentElement.lang = LOCALES[current];

/** 'en' or 'zh'. */
export function language() {
    return current;
}

/** Remembered on this device, and taken over by the shop's other tabs. */
export function setLanguage(tag) {
    if (!(tag in LOCALES)) {
        throw new RangeError(`no language ${tag}`);
    }
    try {
        localStorage.setItem(KEY, tag);
    } catch {
        // storage is forbidden: it holds for this page
    }
    apply(tag);
}

/** A component that calls it is drawn again when the language changes. */
export function useLanguage() {
    const [, redraw] = useReducer(count => count + 1, 0);
    const drawn = current;
    useEffect(() => {
        if (drawn !== current) {
            redraw();
        }
        return onLanguage(redraw);
    }, []);
    return current;
}

/** Calls back after each change; the answer ends that. */
export function onLanguage(listener) {
    listeners.add(listener);
    return () => listeners.delete(listener);
}

/** @param more {en: {key: text}, zh: {key: text}}; `{name}` in a text is a place for a value */
export function addTexts(more) {
    for (const tag of Object.keys(texts)) {
        Object.assign(texts[tag], more[tag]);
    }
}

/** The text of a key. A key without a text shows itself, so that it is seen in the first test. */
export function t(key, values = {}) {
    const text = texts[current][key];
    if (text === undefined) {
        console.error(`no text ${current} ${key}`);
        return key;
    }
    return text.replace(/\{(\w+)\}/g, (place, name) => (name in values ? String(values[name]) : place));
}

/** Whether the page has a text of this key. */
export function hasText(key) {
    return key in texts[current];
}

/** Every text, for tests: both languages must have the same keys. */
export function allTexts() {
    return texts;
}

/** Yuan as people write it. The amount is a string of digits and stays one: no rounding. */
export function money(amount) {
    const [yuan, fen = '00'] = String(amount).split('.');
    return `¥${yuan.replace(/\B(?=(\d{3})+$)/g, ',')}.${fen.padEnd(2, '0')}`;
}

/** A time of the API in the reader's time zone and language. */
export function time(iso) {
    return formatter('time', { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(iso));
}

/** A whole number with its separators. */
export function number(value) {
    return new Intl.NumberFormat(LOCALES[current]).format(value);
}

const formatters = new Map();

function formatter(name, options) {
    const key = `${name} ${current}`;
    if (!formatters.has(key)) {
        formatters.set(key, new Intl.DateTimeFormat(LOCALES[current], options));
    }
    return formatters.get(key);
}

function apply(tag) {
    if (tag !== current) {
        current = tag;
        document.documentElement.lang = LOCALES[tag];
        listeners.forEach(listener => listener(tag));
    }
}

function remembered() {
    try {
        const tag = localStorage.getItem(KEY);
        return tag in LOCALES ? tag : null;
    } catch {
        return null;
    }
}

function byBrowser() {
    for (const tag of navigator.languages ?? [navigator.language]) {
        const primary = String(tag).toLowerCase().split('-')[0];
        if (primary in LOCALES) {
            return primary;
        }
    }
    return 'en';
}

addEventListener('storage', event => {
    if (event.key === KEY && event.newValue in LOCALES) {
        apply(event.newValue);
    }
});
