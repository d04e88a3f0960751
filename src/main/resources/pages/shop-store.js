// What the shop keeps in this browser: small JSON values under names of our own, seen by every tab.

const PREFIX = 'gift-orders.shop.';
const memory = new Map();
const listeners = new Set();

/** False where the browser keeps nothing (some private windows): then values live as long as the page. */
export let keeps = true;

/** The value under a name, or null: none, or not one of ours. */
export function read(name) {
    if (memory.has(name)) {
        return memory.get(name);
    }
    try {
        return JSON.parse(localStorage.getItem(PREFIX + name));
    } catch {
        return null;
    }
}

/** Keeps a value; null takes it away. It is kept when this returns, before anything else happens. */
export function write(name, value) {
    try {
        if (value === null) {
            localStorage.removeItem(PREFIX + name);
        } else {
            localStorage.setItem(PREFIX + name, JSON.stringify(value));
        }
        memory.delete(name);
    } catch {
        keeps = false;
        memory.set(name, value);
    }
    tell();
}

/** Calls a listener after each change, in whatever tab. Returns what ends that. */
export function onChange(listener) {
    listeners.add(listener);
    return () => listeners.delete(listener);
}

function tell() {
    listeners.forEach(listener => listener());
}

addEventListener('storage', event => {
    if (event.key === null || event.key.startsWith(PREFIX)) {
        tell();
    }
});
