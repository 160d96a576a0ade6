// Draws what the events tell. Whatever a visitor may have written is set as text, never as markup.

import { at, bytes, clock, count, duration, make, rate, rows, share, span, text, time } from './format.js';
import { Chart, Spark } from './chart.js';

const KEPT = 600000;
const MOST_CAUSES = 4;
const MINUTE = 60000;
const SIGNS = { block: '■', challenge: '◆', allow: '●' };
const ALLOWED_FEEDS = { 1: 'connected', 0: 'not connected' };
const PHASES = [['Decision', 'decision'], ['Origin, to its first byte', 'origin'], ['Whole request', 'total']];
const STAGES = ['issued', 'loaded', 'submitted', 'solved'];

export class View {
  constructor() {
    this.points = [];
    this.minutes = [];
    this.count = null;
    this.time = 0;
    this.cards = new Map();
  }

  /** What was before this page was opened. */
  history(data) {
    this.index = Object.fromEntries(data.names.map((name, i) => [name, i]));
    this.points = data.points;
  }

  /** Makes what is drawn: a decision service decides for others, whose requests it does not see the end of. */
  build(service) {
    this.built = true;
    const i = this.index;
    const perSecond = v => [rate(v), '/s'];
    this.tiles = [
      new Tile(at('tiles'), 'Requests', 'plain', i.requests, perSecond),
      ...(service ? [] : [
        new Tile(at('tiles'), 'Allowed', 'allow', i.allow, perSecond),
        new Tile(at('tiles'), 'Challenged', 'challenge', i.challenge, perSecond),
        new Tile(at('tiles'), 'Blocked', 'block', i.block, perSecond),
        new Tile(at('tiles'), 'Failures', 'block', i.failed, perSecond),
      ]),
      new Tile(at('tiles'), 'Latency, p95', 'plain', i.total_p95, duration, true),
    ];
    this.vendor = [
      new Tile(at('vendor'), 'Events received', 'plain', i.events, v => [rate(v), '/s']),
      new Tile(at('vendor'), 'Authentication failures', 'block', i.auth_failures, v => [rate(v), '/s']),
      new Tile(at('vendor'), 'Processing latency, p95', 'plain', i.processing_p95, duration, true),
      new Tile(at('vendor'), 'Error rate', 'block', i.error_share, v => [share(v), ''], true),
    ];
    this.charts = [
      service ? new Chart(at('decisions-chart'), 'Requests and events a second', [
        { index: i.requests, label: 'requests', colour: 'plain', dash: 0 },
        { index: i.events, label: 'events', colour: 'allow', dash: 1 },
      ], rate) : new Chart(at('decisions-chart'), 'Decisions a second', [
        { index: i.allow, label: 'allow', colour: 'allow', dash: 0 },
        { index: i.challenge, label: 'challenge', colour: 'challenge', dash: 1 },
        { index: i.block, label: 'block', colour: 'block', dash: 2 },
      ], rate),
      new Chart(at('latency-chart'), 'Latency of whole requests', [
        { index: i.total_p50, label: 'p50', colour: 'allow', dash: 0 },
        { index: i.total_p95, label: 'p95', colour: 'plain', dash: 1 },
        { index: i.total_p99, label: 'p99', colour: 'block', dash: 2 },
      ], time),
    ];
    this.sparks = new Map();
    this.shownPhases = service ? PHASES.slice(-1) : PHASES;
    at('recent').hidden = service;
    at('failures').hidden = service;
  }

  /** How things stand at this second. */
  now(data) {
    this.meters = data.meters;
    this.time = data.time;
    if (!this.built) this.build(this.has('esper_server_events_total'));
    if (data.point.length && (!this.points.length || data.point[0] > this.points[this.points.length - 1][0])) {
      this.points.push(data.point);
      while (this.points[0][0] < data.time - KEPT) this.points.shift();
    }
    this.count = this.sum('esper_mitigations');
    this.head(data);
    if (!document.hidden) this.draw();
  }

  draw() {
    this.tiles.concat(this.vendor).forEach(tile => tile.draw(this.points));
    const service = this.has('esper_server_events_total');
    const beacon = this.has('esper_beacon_sent_total');
    this.vendor[0].note(service ? 'questions and events' : beacon ? 'queued for Esper' : 'none: beacon.mode is off');
    this.vendor[1].note(service ? 'requests without a key that counts' : 'questions that Esper answered 401');
    this.vendor[2].note(service ? 'of answers of the service' : 'of decisions');
    this.vendor[3].note('answers 5xx, of all');
    this.charts.forEach(chart => chart.draw(this.points));
    this.phases();
    this.causes();
    this.failures();
    this.parts(service);
    text(at('mitigation-count'), this.count ? count(this.count) : '');
  }

  // --- numbers by their names

  list(name) {
    return this.meters[name] || [];
  }

  has(name) {
    return name in this.meters;
  }

  sum(name, ...labels) {
    return this.list(name).filter(([own]) => labels.every((label, i) => own[i] === label)).reduce((all, [, value]) => all + (value || 0), 0);
  }

  // --- the head of the page

  head(data) {
    const running = this.list('esper_running').map(([labels]) => labels)[0];
    if (running) {
      const [version, mode, policies] = running;
      text(at('about'), version + ' · ' + (this.has('esper_server_events_total') ? 'decision service' : 'mode ' + mode) + (policies && policies !== 'none' ? ' · policies ' + policies : ''));
    }
    const trouble = data.checks.filter(check => check.trouble);
    const pill = at('ready');
    pill.hidden = false;
    pill.className = 'pill ' + (trouble.length ? 'bad' : 'good');
    text(pill, trouble.length ? 'Not ready: ' + trouble.map(check => check.name).join(', ') : 'Ready');
    pill.title = trouble.map(check => check.name + ': ' + check.trouble).join('\n');
    const flags = [];
    if (this.sum('esper_maintenance')) flags.push('Maintenance');
    if (this.sum('esper_pause')) flags.push('Paused, ' + count(this.sum('esper_pause_held')) + ' held');
    if (this.sum('esper_breaker_open')) flags.push('Breaker open');
    rows(at('flags'), flags, flag => flag.split(',')[0], () => make('span', { class: 'pill warn' }), (span, flag) => text(span, flag));
  }

  // --- latency by phase

  phases() {
    const newest = this.points[this.points.length - 1];
    if (!newest) return;
    rows(at('phases').tBodies[0], this.shownPhases, phase => phase[1], () => make('tr', {}, make('th', { scope: 'row' }), make('td', { class: 'n' }), make('td', { class: 'n' }), make('td', { class: 'n' }), make('td', { class: 'draw c-plain' })), (row, [name, phase]) => {
      const cells = row.cells;
      text(cells[0], name);
      ['p50', 'p95', 'p99'].forEach((share, i) => text(cells[i + 1], time(newest[this.index[phase + '_' + share]])));
      if (!this.sparks.has(phase)) this.sparks.set(phase, new Spark(cells[4]));
      this.sparks.get(phase).draw(this.points, this.index[phase + '_p95']);
    });
  }

  /** The most frequent decisions, by whom and why. */
  causes() {
    const found = this.list('esper_decisions_total').map(([labels, value]) => ({ labels, value })).sort((a, b) => b.value - a.value).slice(0, MOST_CAUSES);
    at('causes').hidden = !found.length;
    rows(at('causes').tBodies[0], found, one => one.labels.join(), () => make('tr', {}, make('th', { scope: 'row' }, make('span')), make('td'), make('td'), make('td', { class: 'n' })), (row, { labels: [action, source, cause], value }) => {
      const tag = row.cells[0].firstChild;
      tag.className = 'tag c-' + action;
      tag.dataset.sign = SIGNS[action] || '';
      text(tag, action);
      text(row.cells[1], source);
      text(row.cells[2], cause.replaceAll('_', ' '));
      text(row.cells[3], count(value));
    });
  }

  // --- tables

  tables(data) {
    const several = data.scopes.length > 1;
    const policies = data.scopes.flatMap(scope => scope.policies.map(policy => ({ ...policy, name: several ? scope.id + ': ' + policy.id : policy.id })));
    const inForce = data.scopes.reduce((all, scope) => all + scope.policies_in_force, 0);
    policies.sort((a, b) => b.matched - a.matched);
    text(at('policy-count'), policies.length < inForce ? 'the ' + policies.length + ' of ' + count(inForce) + ' that matched most' : inForce ? count(inForce) : '');
    at('policy-table').hidden = !policies.length;
    at('policy-empty').hidden = policies.length > 0;
    rows(at('policy-table').tBodies[0], policies, policy => policy.name, () => make('tr', {}, make('th', { scope: 'row' }), ...['n', 'n wide', 'n', 'n wide', 'n', 'wide nowrap'].map(kind => make('td', { class: kind }))), (row, policy) => {
      text(row.cells[0], policy.name);
      [policy.matched, policy.observed, policy.challenged, policy.solved, policy.blocked].forEach((number, i) => {
        text(row.cells[i + 1], count(number));
        row.cells[i + 1].classList.toggle('zero', !number);
      });
      text(row.cells[6], policy.last ? clock(policy.last) : '–');
    });
    this.recent(data.recent);
  }

  recent(found) {
    at('recent-table').hidden = !found.length;
    at('recent-empty').hidden = found.length > 0;
    const build = () => make('tr', {},
      make('td', { class: 'nowrap' }), make('td', {}, make('span')), make('td', {}, make('a', { class: 'mono' })),
      make('td', { class: 'nowrap' }), make('td', {}, make('span', { class: 'cut mono' })), make('td', { class: 'wide any' }),
      make('td', { class: 'wide agent' }, make('span', { class: 'cut' })));
    rows(at('recent-table').tBodies[0], found, one => one.reference, build, (row, one) => this.decision(row.cells, one));
  }

  decision(cells, one) {
    const action = one['decision.would_have_been'] || one['decision.action'] || '';
    const watched = action !== 'allow' && (one['decision.enforced'] === 'false' || one['decision.would_have_been']);
    const failure = one['answer.failure'];
    const outcome = failure || !action || action === 'allow' ? one['answer.outcome'] : action;
    text(cells[0], clock(one.time));
    const tag = cells[1].firstChild;
    tag.className = 'tag c-' + (action === 'allow' || !action ? 'block' : action);
    tag.dataset.sign = SIGNS[action === 'allow' ? '' : action] || '▲';
    text(tag, watched ? 'would ' + action : outcome);
    text(cells[3], one['client.address'] || '–');
    const request = ((one['request.method'] || '') + ' ' + (one['request.path'] || '')).trim() || '–';
    text(cells[4].firstChild, request);
    cells[4].firstChild.title = (one['request.host'] || '') + (one['request.path'] || '');
    text(cells[5], [one['decision.policy'] || one['decision.source'], failure || one['decision.reason']].filter(part => part).join(': '));
    text(cells[6].firstChild, one['request.user_agent'] || '–');
    cells[6].firstChild.title = one['request.user_agent'] || '';
    const link = cells[2].firstChild;
    if (link.dataset.reference !== one.reference) {
      link.href = '/explain/' + encodeURIComponent(one.reference) + '?as=text';
      link.dataset.reference = one.reference;
      link.setAttribute('aria-label', 'Explain ' + one.reference);
      text(link, one.reference);
    }
  }

  failures() {
    const all = this.list('esper_failures_total').map(([[side, reason], value]) => ({ side, reason, value }));
    const found = Object.fromEntries(all.map(one => [one.reason, one.value]));
    this.minutes.push([this.time, found]);
    while (this.minutes.length > 1 && this.minutes[1][0] <= this.time - MINUTE) this.minutes.shift();
    const before = this.minutes[0][1];
    all.forEach(one => { one.lately = one.value - (before[one.reason] || 0); });
    all.sort((a, b) => b.lately - a.lately || b.value - a.value);
    text(at('failure-count'), all.length ? count(all.reduce((sum, one) => sum + one.value, 0)) + ' since the start' : '');
    at('failure-table').hidden = !all.length;
    at('failure-empty').hidden = all.length > 0;
    rows(at('failure-table').tBodies[0], all, one => one.side + ' ' + one.reason, () => make('tr', {}, make('th', { scope: 'row' }), make('td'), make('td', { class: 'n' }), make('td', { class: 'n' }), make('td', { class: 'n wide' })), (row, one) => {
      text(row.cells[0], one.reason.replaceAll('_', ' '));
      text(row.cells[1], one.side);
      text(row.cells[2], count(one.value));
      text(row.cells[3], count(one.lately));
      row.cells[3].classList.toggle('zero', !one.lately);
      text(row.cells[4], count(this.sum('esper_fail_open_total', one.reason)));
    });
  }

  // --- cards

  parts(service) {
    this.funnel(service);
    this.facts('cloud', 'Decision service', this.has('esper_breaker_open') && this.cloud(), 'Not asked: mode local decides by itself.');
    this.feeds();
    this.facts('beacon', 'Beacon', this.has('esper_beacon_sent_total') && this.beacon(), 'Off: beacon.mode = on tells Esper what happened.');
    if (this.has('esper_upstream_endpoint_up')) this.facts('origins', 'Origins', this.origins());
    this.facts('runtime', 'Connections and memory', this.runtime(service));
  }

  card(id, title) {
    let card = this.cards.get(id);
    if (!card) {
      card = make('div', { class: 'card', id: 'card-' + id }, make('h3', {}, title));
      this.cards.set(id, card);
      at('cards').append(card);
    }
    return card;
  }

  /** A card of names and values; without any it says why. */
  facts(id, title, facts, otherwise = 'Nothing yet.') {
    const card = this.card(id, title);
    if (!card.list) {
      card.list = make('dl', { class: 'facts' });
      card.empty = make('p', { class: 'empty' }, otherwise);
      card.append(card.list, card.empty);
    }
    const shown = facts || [];
    card.empty.hidden = shown.length > 0;
    while (card.list.children.length > shown.length * 2) card.list.lastChild.remove();
    shown.forEach(([name, value], i) => {
      if (!card.list.children[i * 2]) card.list.append(make('dt'), make('dd'));
      text(card.list.children[i * 2], name);
      text(card.list.children[i * 2 + 1], value);
    });
  }

  cloud() {
    const breaker = this.sum('esper_breaker_open');
    const answers = this.list('esper_decision_answers_total').map(([[action], n]) => count(n) + ' ' + action).join(', ');
    return [
      ['Breaker', breaker === 1 ? '▲ open: it is not asked' : breaker ? '◆ half open: it is probed' : '● closed: it is asked'],
      ['Questions under way', count(this.sum('esper_decision_waiting')) + ' of ' + count(this.sum('esper_decision_concurrency_limit'))],
      ['Answers', answers || 'none'],
      ['Failed', count(this.sum('esper_decision_question_failures_total'))],
      ['Kept answers', count(this.sum('esper_decision_cache_entries'))],
      ['Used again', count(this.sum('esper_decision_cache_hits_total', 'fresh')) + ' fresh, ' + count(this.sum('esper_decision_cache_hits_total', 'stale')) + ' stale'],
    ];
  }

  feeds() {
    const known = this.has('esper_hybrid_entries');
    const facts = [];
    if (known) {
      facts.push(['Remembered', count(this.sum('esper_hybrid_entries'))], ['Found among them', count(this.sum('esper_hybrid_lookups_total', 'hit')) + ' of ' + count(this.sum('esper_hybrid_lookups_total'))]);
      this.list('esper_hybrid_feed_connected').forEach(([[feed], up]) => {
        facts.push(['Feed ' + feed, (up ? '● ' : '▲ ') + ALLOWED_FEEDS[up] + ', heard ' + span(this.sum('esper_hybrid_feed_age_seconds', feed)) + ' ago, ' + count(this.sum('esper_hybrid_feed_entries', feed)) + ' entries, ' + count(this.sum('esper_hybrid_feed_resyncs_total', feed)) + ' resyncs']);
      });
    }
    if (this.has('esper_state_connected')) facts.push(['Redis', (this.sum('esper_state_connected') ? '● connected, ' : '▲ not connected, ') + count(this.sum('esper_state_pending_writes')) + ' changes on their way']);
    if (this.has('esper_server_feed_subscribers')) facts.push(['Gateways that follow', count(this.sum('esper_server_feed_subscribers'))]);
    this.facts('feeds', 'Feeds', facts, 'None: mode hybrid follows mitigations that others order.');
  }

  beacon() {
    const lost = this.sum('esper_beacon_dropped_total');
    const oldest = this.sum('esper_beacon_oldest_seconds');
    return [
      ['Spooled', count(this.sum('esper_beacon_spool_events')) + ' events, ' + bytes(this.sum('esper_beacon_spool_bytes'))],
      ['Oldest', oldest ? span(oldest) : '–'],
      ['File', bytes(this.sum('esper_beacon_spool_file_bytes'))],
      ['Not on disk yet', count(this.sum('esper_beacon_waiting'))],
      ['Taken by Esper', count(this.sum('esper_beacon_sent_total'))],
      ['Calls that failed', count(this.sum('esper_beacon_failures_total'))],
      ['Lost', (lost ? '▲ ' : '') + count(lost)],
      ['Put aside', count(this.sum('esper_beacon_dead_letters_total'))],
    ];
  }

  origins() {
    const facts = this.list('esper_upstream_endpoint_up').map(([[origin, endpoint], up]) => [
      (origin === 'default' || origin === endpoint ? '' : origin + ' ') + endpoint,
      (up ? '● up' : '▲ down') + ', ' + count(this.sum('esper_upstream_endpoint_load', origin, endpoint)) + ' under way, ' + count(this.sum('esper_upstream_ejections_total', origin, endpoint)) + ' ejections']);
    facts.push(['Connections', count(this.sum('esper_upstream_connections', 'leased')) + ' used, ' + count(this.sum('esper_upstream_connections', 'idle')) + ' idle'], ['Waiting for one', count(this.sum('esper_upstream_waiting'))]);
    return facts;
  }

  runtime(service) {
    const facts = service
      ? [['Clients', count(this.sum('esper_server_connections'))], ['API keys', count(this.sum('esper_server_keys'))], ['Asked too much', count(this.sum('esper_server_rate_limited_total'))]]
      : [['Visitors', count(this.sum('esper_client_connections'))], ['Requests open', count(this.sum('esper_requests_open'))], ['Tunnels', count(this.sum('esper_tunnels'))]];
    const dropped = this.sum('esper_mitigations_dropped_total');
    if (dropped) facts.push(['Mitigations dropped for room', '▲ ' + count(dropped)]);
    const watched = this.list('esper_decisions_observed_total').map(([[action], n]) => count(n) + ' ' + action).join(', ');
    if (watched) facts.push(['Only watched', watched]);
    if (this.has('esper_windows')) facts.push(['Rolling windows', count(this.sum('esper_windows'))]);
    if (this.has('esper_direct_memory_bytes')) facts.push(['Direct memory', bytes(this.sum('esper_direct_memory_bytes'))]);
    return facts;
  }

  /** Issued, loaded, submitted, solved: as bars, and in numbers. */
  funnel(service) {
    const stages = service
      ? [['opened', this.sum('esper_server_challenges_total', 'opened')], ['passed', this.sum('esper_server_challenges_total', 'passed')]]
      : STAGES.map(stage => [stage, this.sum('esper_challenges_' + stage + '_total')]);
    // Those without a script never say that they have been loaded.
    if (!service && !stages[1][1] && stages[2][1]) stages.splice(1, 1);
    const card = this.card('funnel', 'Challenge funnel');
    if (!card.bars) {
      card.bars = make('dl', { class: 'bars c-challenge' });
      card.empty = make('p', { class: 'empty' }, 'No challenge page of ours has been made yet. Challenges held elsewhere are counted there.');
      card.append(card.bars, card.empty);
    }
    const most = stages[0][1];
    card.bars.hidden = !most;
    card.empty.hidden = most > 0;
    while (card.bars.children.length > stages.length * 3) card.bars.lastChild.remove();
    stages.forEach(([stage, value], i) => {
      if (!card.bars.children[i * 3]) card.bars.append(make('dt'), bar(), make('dd'));
      text(card.bars.children[i * 3], stage);
      const part = most ? Math.min(1, value / most) : 0;
      card.bars.children[i * 3 + 1].querySelector('.fill').setAttribute('width', (part * 100).toFixed(1));
      text(card.bars.children[i * 3 + 2], count(value) + (i ? ' · ' + Math.round(part * 100) + ' %' : ''));
    });
    this.rejected(card);
  }

  rejected(card) {
    const reasons = this.list('esper_challenges_rejected_total').map(([[provider, reason], n]) => count(n) + ' ' + reason.replaceAll('_', ' ')).join(', ');
    if (!card.rejected) {
      card.rejected = make('p', { class: 'soft' });
      card.append(card.rejected);
    }
    const results = name => this.list(name).map(([[result], n]) => count(n) + ' ' + result.replaceAll('_', ' ')).join(', ');
    const more = [['Rejected', reasons], ['Passes', results('esper_passes_total')], ['Proofs', results('esper_proofs_total')]];
    text(card.rejected, more.filter(([, words]) => words).map(([name, words]) => name + ': ' + words + '.').join(' '));
  }
}

function bar() {
  const NS = 'http://www.w3.org/2000/svg';
  const root = document.createElementNS(NS, 'svg');
  const place = make('dd');
  root.setAttribute('viewBox', '0 0 100 8');
  root.setAttribute('preserveAspectRatio', 'none');
  root.setAttribute('aria-hidden', 'true');
  for (const kind of ['track', 'fill']) {
    const rect = document.createElementNS(NS, 'rect');
    rect.setAttribute('class', kind);
    rect.setAttribute('width', kind === 'track' ? '100' : '0');
    rect.setAttribute('height', '8');
    root.append(rect);
  }
  place.append(root);
  return place;
}

/** One number with its unit and a small line. Rates are means of five seconds, which can be read. */
class Tile {
  constructor(host, label, colour, index, show, asIs = false) {
    this.index = index;
    this.show = show;
    this.asIs = asIs;
    this.number = make('span', { class: 'number' });
    this.unit = make('span', { class: 'unit' });
    this.value = make('dd', {}, this.number, this.unit);
    this.host = make('div', { class: 'tile c-' + colour }, make('dt', {}, label), this.value);
    host.append(this.host);
    this.spark = new Spark(this.host);
  }

  draw(points) {
    const newest = points[points.length - 1];
    const [number, unit] = this.show(this.asIs ? newest && newest[this.index] : mean(points, this.index));
    text(this.number, number);
    text(this.unit, unit);
    this.spark.draw(points, this.index);
  }

  note(words) {
    if (!this.words) {
      this.words = make('dd', { class: 'note' });
      this.value.after(this.words);
    }
    text(this.words, words);
  }
}

function mean(points, index) {
  const end = points.length ? points[points.length - 1][0] : 0;
  const last = points.filter(point => point[0] > end - 5000);
  return last.length ? last.reduce((all, point) => all + (point[index] || 0), 0) / last.length : null;
}
