// Lines drawn in SVG. Series differ in dashes as well as in colours, and say their numbers in a legend.

import { make, text, clock } from './format.js';

const NS = 'http://www.w3.org/2000/svg';
const LEFT = 44;
const BOTTOM = 18;
const TOP = 8;
const SPANS = [60, 120, 180, 240, 300, 420, 600];

function svg(name, attributes, parent) {
  const element = document.createElementNS(NS, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  if (parent) parent.append(element);
  return element;
}

/** The seconds that a chart shows: no more than there is something of. */
function spanOf(points) {
  const age = points.length ? (points[points.length - 1][0] - points[0][0]) / 1000 : 0;
  return SPANS.find(span => span >= age - 2) || SPANS[SPANS.length - 1];
}

/** The next round number above. */
function ceiling(value) {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 1.5, 2, 3, 4, 5, 6, 8, 10].map(step => step * power).find(step => step >= value * 0.999);
}

/** The path of a series; what is unknown leaves a gap. */
function path(points, index, x, y) {
  let drawn = '';
  let pen = false;
  for (const point of points) {
    const value = point[index];
    if (value === null || value === undefined) {
      pen = false;
    } else {
      drawn += (pen ? 'L' : 'M') + x(point[0]).toFixed(1) + ' ' + y(value).toFixed(1);
      pen = true;
    }
  }
  return drawn;
}

/** A small line without axes. */
export class Spark {
  constructor(host) {
    this.root = svg('svg', { class: 'spark', viewBox: '0 0 100 24', preserveAspectRatio: 'none', 'aria-hidden': 'true' }, host);
    this.area = svg('path', { class: 'area' }, this.root);
    this.line = svg('path', {}, this.root);
  }

  draw(points, index) {
    const end = points.length ? points[points.length - 1][0] : 0;
    const span = spanOf(points) * 1000;
    const shown = points.filter(point => point[0] >= end - span);
    const most = Math.max(...shown.map(point => point[index] || 0), 1e-9);
    const x = time => 100 - (end - time) / span * 100;
    const y = value => 22.5 - value / most * 20;
    const line = path(shown, index, x, y);
    this.line.setAttribute('d', line);
    const whole = shown.length > 1 && shown.every(point => point[index] !== null);
    this.area.setAttribute('d', whole ? line + 'L100 24L' + x(shown[0][0]).toFixed(1) + ' 24Z' : '');
  }
}

/** Lines over time with axes, a legend with numbers, and a hair under the pointer. */
export class Chart {
  /** `series` is a list of { index, label, colour, dash }; `show` makes text of a value. */
  constructor(host, title, series, show) {
    host.classList.add('chart');
    this.title = title;
    this.series = series;
    this.show = show;
    this.points = [];
    this.told = 0;
    const legend = make('ul', { class: 'legend' });
    this.numbers = series.map(one => {
      const sample = svg('svg', { viewBox: '0 0 24 10', 'aria-hidden': 'true', class: 'c-' + one.colour });
      svg('path', { d: 'M0 5H24', class: 'l d' + one.dash }, sample);
      const number = make('b');
      legend.append(make('li', {}, sample, one.label + ' ', number));
      return number;
    });
    this.when = make('li', { class: 'soft' });
    legend.append(this.when);
    host.append(make('figcaption', {}, make('h3', {}, title), legend));
    this.root = svg('svg', { class: 'plot', role: 'img', 'aria-label': title }, host);
    this.frame = svg('g', {}, this.root);
    this.lines = series.map(one => svg('path', { class: 'l d' + one.dash + ' c-' + one.colour }, this.root));
    this.hair = svg('line', { class: 'hair', visibility: 'hidden' }, this.root);
    this.root.addEventListener('pointermove', event => { this.pointer = event.offsetX; this.point(); });
    this.root.addEventListener('pointerleave', () => { this.pointer = null; this.point(); });
    new ResizeObserver(() => this.draw(this.points)).observe(this.root);
  }

  draw(points) {
    this.points = points;
    const width = this.root.clientWidth;
    const height = this.root.clientHeight;
    if (!width || !points.length) return;
    const end = points[points.length - 1][0];
    const span = spanOf(points);
    this.shown = points.filter(point => point[0] >= end - span * 1000);
    const most = ceiling(Math.max(...this.shown.flatMap(point => this.series.map(one => point[one.index] || 0))));
    this.x = time => LEFT + (width - LEFT) * (1 - (end - time) / (span * 1000));
    const y = value => TOP + (height - TOP - BOTTOM) * (1 - value / most);
    this.axes(width, height, most, span, y);
    this.series.forEach((one, i) => this.lines[i].setAttribute('d', path(this.shown, one.index, this.x, y)));
    this.point();
    this.tell(end);
  }

  axes(width, height, most, span, y) {
    const drawn = [width, height, most, span].join();
    if (drawn === this.drawn) return;
    this.drawn = drawn;
    this.frame.replaceChildren();
    for (const part of [0, 0.5, 1]) {
      const at = Math.round(y(most * part)) + 0.5;
      svg('line', { class: 'grid', x1: LEFT, x2: width, y1: at, y2: at }, this.frame);
      svg('text', { x: LEFT - 6, y: at + 4, 'text-anchor': 'end' }, this.frame).textContent = this.show(most * part);
    }
    const unit = span > 60 ? 'min' : 's';
    for (const part of [0, 0.5, 1]) {
      const back = span * (1 - part) / (span > 60 ? 60 : 1);
      const words = back ? '−' + back + ' ' + unit : 'now';
      svg('text', { x: LEFT + (width - LEFT) * part, y: height - 4, 'text-anchor': part === 0 ? 'start' : part === 1 ? 'end' : 'middle' }, this.frame).textContent = words;
    }
    this.hair.setAttribute('y1', TOP);
    this.hair.setAttribute('y2', height - BOTTOM);
  }

  /** Shows the numbers under the pointer, or else the newest. */
  point() {
    if (!this.shown || !this.shown.length) return;
    let chosen = this.shown[this.shown.length - 1];
    const pointed = this.pointer !== null && this.pointer !== undefined;
    if (pointed) {
      for (const point of this.shown) {
        if (Math.abs(this.x(point[0]) - this.pointer) < Math.abs(this.x(chosen[0]) - this.pointer)) chosen = point;
      }
      this.hair.setAttribute('x1', this.x(chosen[0]));
      this.hair.setAttribute('x2', this.x(chosen[0]));
    }
    this.hair.setAttribute('visibility', pointed ? 'visible' : 'hidden');
    text(this.when, pointed ? clock(chosen[0]) : '');
    this.series.forEach((one, i) => text(this.numbers[i], this.show(chosen[one.index])));
  }

  /** Says in words what is drawn, seldom enough not to interrupt anybody. */
  tell(now) {
    if (now - this.told < 10000) return;
    this.told = now;
    const newest = this.shown[this.shown.length - 1];
    const parts = this.series.map(one => {
      const peak = Math.max(...this.shown.map(point => point[one.index] || 0));
      return one.label + ' now ' + this.show(newest[one.index]) + ', at most ' + this.show(peak);
    });
    this.root.setAttribute('aria-label', this.title + ': ' + parts.join('; '));
  }
}
