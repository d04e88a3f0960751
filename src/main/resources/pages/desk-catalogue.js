// The gifts, as they change. Read once for all pages of the desk; the stream keeps them true.
import { useEffect, useReducer } from './html.js';
import { call } from './api.js';
import { listenWhileSeen } from './events.js';

const byId = new Map();
const watchers = new Set();
let state = { loaded: false, live: false, problem: null };
let stop = null;

/** {gifts, loaded, live, problem}; drawn again whenever one of them changes. */
export function useCatalogue() {
    const [, redraw] = useReducer(count => count + 1, 0);
    useEffect(() => {
        watchers.add(redraw);
        stop ??= listenWhileSeen('/gifts/events', { anonymous: true, onEvent: heard, onState: turned });
        return () => {
            watchers.delete(redraw);
        };
    }, []);
    return { ...state, gifts: [...byId.values()].sort((one, other) => one.id - other.id) };
}

/** The gift as it was read last, if it was. */
export function gift(id) {
    return byId.get(id);
}

/** Takes over what an operator's change was answered with. */
export function keep(changed) {
    byId.set(changed.id, changed);
    tell({});
}

/** Reads everything again. */
export async function readAll() {
    try {
        let next = '/gifts?limit=100';
        while (next) {
            const page = await call('GET', next, { anonymous: true });
            page.gifts.forEach(one => byId.set(one.id, one));
            next = page.next;
        }
        tell({ loaded: true, problem: null });
    } catch (problem) {
        tell({ problem });
    }
}

function heard(name, data) {
    if (name === 'reset' || data.length === 0) {
        readAll();
    } else if (name === 'gifts') {
        data.forEach(one => byId.set(one.id, one));
        tell({});
    }
}

function turned(connection) {
    if (connection === 'lost' && !state.loaded) {
        readAll();
    }
    tell({ live: connection === 'open' });
}

function tell(changes) {
    state = { ...state, ...changes };
    watchers.forEach(redraw => redraw());
}
