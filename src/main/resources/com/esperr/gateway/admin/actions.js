// What can be done here: sign in and out, order and take back mitigations, read explanations and the configuration.

import { at, make, rows, span, text, clock } from './format.js';

const SIGNS = { block: '■', challenge: '◆', allow: '●' };
const SURE = 6000;
const MOST = 50;

/** What is asked of the operator port; changes say who wants them, which no page of another site can. */
async function ask(path, options = {}) {
  const answer = await fetch(path, { cache: 'no-store', ...options });
  const body = await answer.text();
  if (!answer.ok) {
    const failed = new Error(body.trim() || 'status ' + answer.status);
    failed.status = answer.status;
    throw failed;
  }
  return body;
}

function operator() {
  const name = at('operator').value.trim();
  return /^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$/.test(name) ? name : 'dashboard';
}

const change = (method, body) => ({ method, body, headers: { 'X-Esper-Operator': operator() } });

export class Actions {
  constructor() {
    this.begin = () => {};
    this.entities = {};
    this.word = '';
    this.known = '';
    this.count = null;
    this.asked = 0;
    this.signing();
    this.mitigating();
    this.explaining();
    this.configuring();
  }

  // --- sign in and out

  signing() {
    at('sign-in-form').addEventListener('submit', async event => {
      event.preventDefault();
      text(at('sign-in-wrong'), '');
      const body = JSON.stringify({ token: at('token').value });
      try {
        await ask('/dashboard/session', change('POST', body));
        at('token').value = '';
        await this.begin();
        at('main').focus();
      } catch (failed) {
        text(at('sign-in-wrong'), failed.status === 401 ? 'That is not the token.' : failed.status === 429 ? 'Wrong too often. Wait a minute.' : failed.message);
        at('token').select();
      }
    });
    at('sign-out').addEventListener('click', async () => {
      try {
        await ask('/dashboard/session', change('DELETE'));
      } catch (failed) {
        this.say(failed.message, true);
      }
      this.begin();
    });
  }

  // --- mitigations

  mitigating() {
    at('operator').value = localStorage.getItem('operator') || '';
    at('operator').addEventListener('change', () => localStorage.setItem('operator', operator()));
    let typing = 0;
    at('search').addEventListener('input', () => {
      clearTimeout(typing);
      typing = setTimeout(() => this.list(), 250);
    });
    at('scope').addEventListener('change', () => {
      this.offer();
      this.list();
    });
    at('entity').addEventListener('change', () => this.fields());
    at('add-form').addEventListener('submit', event => {
      event.preventDefault();
      this.add();
    });
    setInterval(() => this.list(true), 15000);
  }

  /** Learns for whom something can be ordered. */
  scopes(data) {
    this.policed = data.scopes.length > 0;
    at('add').hidden = !this.policed;
    at('mitigation-tools').hidden = !this.policed;
    const known = JSON.stringify(data.scopes.map(scope => [scope.id, scope.entities]));
    if (known === this.known) return;
    this.known = known;
    this.word = data.word;
    this.entities = Object.fromEntries(data.scopes.map(scope => [scope.id, scope.entities]));
    const scope = at('scope');
    const chosen = scope.value;
    scope.replaceChildren(...data.scopes.map(one => make('option', { value: one.id }, one.id)));
    if (chosen in this.entities) scope.value = chosen;
    scope.hidden = data.scopes.length < 2;
    at('scope-label').hidden = scope.hidden;
    text(at('scope-label'), this.word === 'tenant' ? 'Tenant' : 'Policies');
    this.offer();
    this.list();
  }

  offer() {
    const entities = this.entities[at('scope').value] || {};
    const entity = at('entity');
    const chosen = entity.value;
    entity.replaceChildren(...Object.keys(entities).map(name => make('option', { value: name }, name)));
    if (chosen in entities) entity.value = chosen;
    this.fields();
  }

  /** One input for each field that tells one visitor of that entity from another. */
  fields() {
    const fields = (this.entities[at('scope').value] || {})[at('entity').value] || [];
    at('entity-fields').replaceChildren(...fields.map((field, i) => make('p', {},
      make('label', { for: 'field-' + i }, field),
      make('input', { id: 'field-' + i, 'data-field': field, autocomplete: 'off', spellcheck: 'false', maxlength: 500, required: i === 0 ? '' : null }))));
  }

  /** The number of mitigations is another one, perhaps: then the list is. */
  counted(count) {
    if (count !== this.count && Date.now() - this.asked > 2000) {
      this.count = count;
      this.list(true);
    }
  }

  connected() {
    this.list(true);
  }

  query(more) {
    const all = new URLSearchParams(more);
    if (Object.keys(this.entities).length > 1) all.set(this.word, at('scope').value);
    return '/mitigations?' + all;
  }

  async list(quietly = false) {
    if (!this.policed) {
      this.empty('Policies decide nothing here, so there is nothing to order. With mode = local, visitors can be blocked by hand.');
      return;
    }
    if (at('board').hidden) return;
    this.asked = Date.now();
    const search = at('search').value.trim();
    try {
      const lines = await ask(this.query({ search, limit: MOST }));
      if (search !== at('search').value.trim()) return;
      const found = lines.split('\n').filter(line => line).map(line => JSON.parse(line));
      this.show(found, search);
      if (!quietly) this.say(found.length === MOST ? 'The newest ' + MOST + ' are shown.' : search ? found.length + ' found.' : '');
    } catch (failed) {
      if (!quietly) this.say(failed.message, true);
    }
  }

  empty(words) {
    at('mitigation-table').hidden = true;
    at('mitigation-empty').hidden = false;
    text(at('mitigation-empty'), words);
  }

  show(found, search) {
    if (!found.length) {
      this.empty(search ? 'Nothing active matches “' + search + '”.' : 'Nobody is being blocked or challenged by a mitigation. Policies order them, or you do, below.');
    }
    at('mitigation-table').hidden = !found.length;
    at('mitigation-empty').hidden = found.length > 0;
    rows(at('mitigation-table').tBodies[0], found, one => one.key, one => this.row(one), (row, one) => this.fill(row, one));
  }

  row(one) {
    const remove = make('button', { type: 'button', class: 'quiet' }, 'Remove');
    const row = make('tr', {}, make('th', { scope: 'row' }), make('td'), make('td', { class: 'nowrap' }), make('td', { class: 'wide' }), make('td', { class: 'wide any' }), make('td', { class: 'n' }, remove));
    remove.addEventListener('click', () => this.remove(row, remove));
    return row;
  }

  fill(row, one) {
    const [who, what, until, by, why, last] = row.cells;
    const values = Object.entries(one.values || {}).map(([name, value]) => name + ' ' + value).join(', ');
    row.visitor = values || one.entity;
    row.mitigation = one.key;
    if (!who.firstChild) who.append(make('span', { class: 'any' }), make('span', { class: 'whose' }));
    text(who.firstChild, values || one.key);
    text(who.lastChild, one.entity);
    if (!what.firstChild) what.append(make('span', {}));
    what.firstChild.className = 'tag c-' + one.decision;
    what.firstChild.dataset.sign = SIGNS[one.decision] || '';
    text(what.firstChild, one.decision);
    text(until, 'in ' + span((one.expires_at - Date.now()) / 1000));
    until.title = new Date(one.expires_at).toLocaleString();
    text(by, (one.policy || (one.by === 'manual' ? 'an operator' : one.by || '')) + (one.rollout ? ' (rollout)' : ''));
    text(why, one.reason || '');
    last.firstChild.setAttribute('aria-label', (last.firstChild.classList.contains('sure') ? 'Really remove ' : 'Remove ') + one.decision + ' of ' + row.visitor);
  }

  /** The first press asks, the second does it. */
  async remove(row, button) {
    if (!button.classList.contains('sure')) {
      button.classList.add('sure');
      text(button, 'Really?');
      button.setAttribute('aria-label', 'Really remove ' + row.visitor);
      setTimeout(() => {
        button.classList.remove('sure');
        text(button, 'Remove');
      }, SURE);
      return;
    }
    button.disabled = true;
    try {
      await ask(this.query({ key: row.mitigation }), change('DELETE'));
      at('search').focus();
      await this.list(true);
      this.say('Removed: ' + row.visitor + '.');
    } catch (failed) {
      button.disabled = false;
      this.say(failed.message, true);
    }
  }

  async add() {
    text(at('add-wrong'), '');
    const fields = {};
    document.querySelectorAll('#entity-fields input').forEach(input => {
      if (input.value) fields[input.dataset.field] = input.value;
    });
    const order = {
      entity: at('entity').value,
      fields,
      decision: at('decision').value,
      lifetime_seconds: Number(at('lifetime').value) * Number(at('unit').value),
    };
    if (at('reason').value.trim()) order.reason = at('reason').value.trim();
    localStorage.setItem('operator', operator());
    try {
      await ask(this.query({}), change('POST', JSON.stringify(order)));
      at('search').value = '';
      await this.list(true);
      this.say('In force: ' + order.decision + ' of ' + Object.values(fields).join(', ') + '.');
      document.querySelectorAll('#entity-fields input').forEach(input => { input.value = ''; });
      at('reason').value = '';
    } catch (failed) {
      text(at('add-wrong'), failed.message);
    }
  }

  say(words, bad = false) {
    at('said').classList.toggle('bad', bad);
    text(at('said'), words);
  }

  // --- explanations

  explaining() {
    const dialog = at('explain');
    document.addEventListener('click', async event => {
      const link = event.target.closest('a[data-reference]');
      if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      const reference = link.dataset.reference;
      text(at('explain-h'), 'Why ' + reference);
      text(at('explain-text'), 'Asking…');
      at('explain-json').href = '/explain/' + encodeURIComponent(reference);
      dialog.showModal();
      try {
        text(at('explain-text'), await ask('/explain/' + encodeURIComponent(reference) + '?as=text'));
      } catch (failed) {
        text(at('explain-text'), failed.message);
      }
    });
    at('explain-close').addEventListener('click', () => dialog.close());
  }

  // --- configuration

  configuring() {
    at('config').addEventListener('toggle', () => {
      if (at('config').open) this.configuration();
    });
    at('config-filter').addEventListener('input', () => this.keys());
  }

  async configuration() {
    try {
      const state = JSON.parse(await ask('/config'));
      this.lines = (await ask('/config?keys')).split('\n');
      const last = state.last;
      const facts = {
        'In force': state.hash + ', since ' + new Date(state.since).toLocaleString(),
        Files: state.files.join(', ') || 'none',
        'Read last': clock(last.at) + ' by ' + last.by + ': ' + last.result + ((last.problems.length || last.warnings.length) ? ': ' + [...last.problems, ...last.warnings].join('; ') : ''),
        'Needs a restart': state.needs_restart.join(', ') || 'nothing',
      };
      at('config-facts').replaceChildren(...Object.entries(facts).flatMap(([name, value]) => [make('dt', {}, name), make('dd', {}, value)]));
    } catch (failed) {
      this.lines = [failed.message];
    }
    this.keys();
  }

  keys() {
    const wanted = at('config-filter').value.toLowerCase();
    const found = (this.lines || []).filter(line => line.toLowerCase().includes(wanted));
    text(at('config-keys'), found.join('\n').trim() || 'No line has “' + wanted + '”.');
  }
}
