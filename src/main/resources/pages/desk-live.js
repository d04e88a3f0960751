// The service at work: charts of the last five minutes, and the same in figures for those who do not see charts.
import { html, useEffect, useRef, useState } from './html.js';
import { hasText, number, t, useLanguage } from './language.js';
import { listenWhileSeen } from './events.js';
import uPlot from './lib/uplot.js';
import { Table, Trouble } from './desk-parts.js';

/** Seconds on a chart. */
const WIDTH = 300;

const CHARTS = [
    { name: 'placed', of: one => one.placed },
    { name: 'refused', of: one => one.refused_in_all },
    { name: 'batch', of: one => one.batch_size ?? null, gaps: true },
    { name: 'queue', of: one => one.queue },
    { name: 'conflicts', of: one => one.conflicts },
    { name: 'answer', of: one => one.answer_millis ?? null, gaps: true },
];

const OTHERS = [
    { name: 'replayed', of: one => one.replayed },
    { name: 'wait', of: one => one.wait_millis ?? null },
    { name: 'slowest', of: one => one.slowest_millis ?? null },
    { name: 'watchers', of: one => one.watchers },
    { name: 'connections', of: one => one.connections },
];

export function Live() {
    useLanguage();
    const [seconds, setSeconds] = useState([]);
    const [connection, setConnection] = useState('opening');
    const [problem, setProblem] = useState(null);
    useEffect(() => listenWhileSeen('/desk/events', {
        onEvent(name, data) {
            if (name === 'history') {
                setSeconds(data);
            } else if (name === 'figures') {
                setSeconds(before => [...before, data].slice(-WIDTH));
            }
        },
        onState: setConnection,
        onProblem: setProblem,
    }), []);
    const now = seconds.at(-1);
    return html`
        <div class="bar"><h1>${t('desk.page.live')}</h1>
            <span class=${`live ${connection === 'open' ? 'on' : 'off'}`} role="status">${
                connection === 'open' ? t('desk.live') : t('desk.not-live')}</span></div>
        <p class="lead">${t('desk.live.text')}</p>
        ${problem && html`<${Trouble} problem=${problem} />`}
        <div class="charts">
            ${CHARTS.map(chart => html`<${Chart} key=${chart.name} chart=${chart} seconds=${seconds} />`)}
        </div>
        <div class="tables">
            <section><h2>${t('desk.live.figures')}</h2>
                <${Table} label=${t('desk.live.figures')} head=${[
                    { text: t('desk.live.figure') }, { text: t('desk.live.now'), number: true },
                    { text: t('desk.live.minute'), number: true }, { text: t('desk.live.highest'), number: true }]}>
                    ${[...CHARTS, ...OTHERS].map(({ name, of }) => html`<tr id=${`figure-${name}`}>
                        <th scope="row">${t(`desk.figure.${name}`)}</th>
                        <td class="number now">${shown(now && of(now))}</td>
                        <td class="number">${shown(average(seconds.slice(-60).map(of)))}</td>
                        <td class="number highest">${shown(highest(seconds.map(of)))}</td>
                    </tr>`)}
                <//></section>
            <section><h2>${t('desk.live.refusals')}</h2>
                <${Refusals} seconds=${seconds.slice(-60)} /></section>
        </div>`;
}

/** What was refused in the last minute, by the problem's name. */
function Refusals({ seconds }) {
    const sums = {};
    for (const one of seconds) {
        for (const [name, rate] of Object.entries(one.refused)) {
            sums[name] = (sums[name] ?? 0) + rate;
        }
    }
    const names = Object.keys(sums).sort((one, other) => sums[other] - sums[one]);
    return names.length === 0
        ? html`<p>${t('desk.live.no-refusals')}</p>`
        : html`<${Table} label=${t('desk.live.refusals')} head=${[
            { text: t('desk.live.problem') }, { text: t('desk.live.in-minute'), number: true }]}>
            ${names.map(name => html`<tr id=${`refused-${name}`}>
                <th scope="row">${hasText(`desk.refused.${name}`) ? t(`desk.refused.${name}`) : name}</th>
                <td class="number">${number(Math.round(sums[name]))}</td></tr>`)}
        <//>`;
}

function Chart({ chart, seconds }) {
    const box = useRef(null);
    const plot = useRef(null);
    const dark = useDark();
    const { name, of, gaps } = chart;
    const values = seconds.map(of);

    useEffect(() => {
        const style = getComputedStyle(box.current);
        const ink = style.getPropertyValue('--ink').trim();
        const grid = style.getPropertyValue('--grid').trim();
        const line = style.getPropertyValue('--line').trim();
        const axis = { stroke: ink, grid: { stroke: grid, width: 1 }, ticks: { show: false }, font: '11px system-ui, sans-serif' };
        plot.current = new uPlot({
            width: box.current.clientWidth,
            height: 130,
            legend: { show: false },
            cursor: { show: false },
            scales: {
                x: { range: () => [Date.now() / 1000 - WIDTH, Date.now() / 1000] },
                y: { range: (self, min, max) => [0, Math.max(1, (max ?? 0) * 1.15)] },
            },
            axes: [
                { ...axis, size: 24, space: 60, values: (self, ticks) => ticks.map(tick => clock(tick)) },
                { ...axis, size: 44, space: 32 },
            ],
            series: [{}, {
                stroke: line,
                width: 1.5,
                fill: style.getPropertyValue('--fill').trim(),
                // a second between two in which nothing happened is a point, and no line
                points: { show: gaps === true, size: 4, fill: line, stroke: line },
            }],
        }, [[], []], box.current);
        const resized = new ResizeObserver(() => plot.current.setSize({ width: box.current.clientWidth, height: 130 }));
        resized.observe(box.current);
        return () => {
            resized.disconnect();
            plot.current.destroy();
        };
    }, [dark]);

    useEffect(() => {
        plot.current.setData([seconds.map(one => Date.parse(one.at) / 1000), values]);
    }, [seconds, dark]);

    const title = t(`desk.figure.${name}`);
    const now = shown(values.at(-1));
    return html`<figure class="chart" id=${`chart-${name}`}>
        <figcaption><span>${title}</span> <strong>${now}</strong></figcaption>
        <div class="plot" ref=${box} role="img" aria-label=${t('desk.live.chart', { title, now,
            highest: shown(highest(values)), seconds: seconds.length })}></div>
    </figure>`;
}

function clock(seconds) {
    const time = new Date(seconds * 1000);
    const two = value => String(value).padStart(2, '0');
    return `${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}`;
}

function useDark() {
    const scheme = matchMedia('(prefers-color-scheme: dark)');
    const [dark, setDark] = useState(scheme.matches);
    useEffect(() => {
        const change = () => setDark(scheme.matches);
        scheme.addEventListener('change', change);
        return () => scheme.removeEventListener('change', change);
    }, []);
    return dark;
}

function there(values) {
    return values.filter(value => value !== null && value !== undefined);
}

function average(values) {
    const known = there(values);
    return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
}

function highest(values) {
    const known = there(values);
    return known.length === 0 ? null : Math.max(...known);
}

function shown(value) {
    return value === null || value === undefined ? '–' : number(Math.round(value * 10) / 10);
}
