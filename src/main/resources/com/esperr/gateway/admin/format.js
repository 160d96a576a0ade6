// How numbers, times and texts are shown. Nothing here touches the page but `text`, which every text of a visitor's goes through.

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const one = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });
const two = new Intl.NumberFormat('en', { maximumFractionDigits: 2 });

/** A count, in full. */
export const count = n => whole.format(n);

/** A rate: more digits where there is less of it. */
export function rate(n) {
  if (n === null || n === undefined) return '–';
  if (n === 0) return '0';
  return n >= 100 ? whole.format(n) : n >= 1 ? one.format(n) : two.format(Math.max(n, 0.01));
}

/** A duration in seconds, as [number, unit]. */
export function duration(seconds) {
  if (seconds === null || seconds === undefined) return ['–', ''];
  if (seconds === 0) return ['0', ''];
  if (seconds < 0.001) return [three(seconds * 1e6), 'µs'];
  if (seconds < 1) return [three(seconds * 1e3), 'ms'];
  return [three(seconds), 's'];
}

const three = n => n >= 100 ? whole.format(n) : n >= 10 ? one.format(n) : two.format(n);

/** A duration on one line. */
export const time = seconds => duration(seconds).join(' ').trim();

/** A share, as a percentage. */
export const share = n => n === null || n === undefined ? '–' : n > 0 && n < 0.0001 ? '<0.01 %' : two.format(n * 100) + ' %';

/** Bytes in powers of 1024. */
export function bytes(n) {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let at = 0;
  let left = n;
  while (left >= 1024 && at < units.length - 1) { left /= 1024; at++; }
  return three(left) + ' ' + units[at];
}

/** A span of seconds for people: 45 s, 12 min, 3 h, 2 d. */
export function span(seconds) {
  const s = Math.max(0, Math.round(seconds));
  if (s < 90) return s + ' s';
  if (s < 5400) return Math.round(s / 60) + ' min';
  if (s < 172800) return Math.round(s / 3600) + ' h';
  return Math.round(s / 86400) + ' d';
}

/** The time of day. */
export const clock = millis => new Date(millis).toLocaleTimeString('en-GB');

/** Sets the text of an element if it is another one. */
export function text(element, value) {
  const wanted = String(value);
  if (element.textContent !== wanted) element.textContent = wanted;
}

/** Makes an element; a child that is no element becomes text. */
export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined) element.setAttribute(key, value);
  }
  element.append(...children);
  return element;
}

/** The element of that id. */
export const at = id => document.getElementById(id);

/**
 * Makes the rows of a table body those of `items`, keeping rows that stay, so that focus and a reader's place stay, too.
 * `fill(row, item)` is called for every row; `build(item)` makes a new one.
 */
export function rows(body, items, keyOf, build, fill) {
  const known = new Map([...body.children].map(row => [row.dataset.key, row]));
  let before = null;
  for (const item of items) {
    const key = String(keyOf(item));
    let row = known.get(key);
    if (row) {
      known.delete(key);
    } else {
      row = build(item);
      row.dataset.key = key;
    }
    fill(row, item);
    const place = before ? before.nextSibling : body.firstChild;
    if (place !== row) body.insertBefore(row, place);
    before = row;
  }
  known.forEach(row => row.remove());
}
