// Signs in, listens to the events, and says when it cannot. What is shown is in view.js, what can be done in actions.js.

import { at, text, clock, span } from './format.js';
import { View } from './view.js';
import { Actions } from './actions.js';

const FIRST_WAIT = 1000;
const LONGEST_WAIT = 15000;
const SILENCE = 8000;
const HIDDEN = 60000;

const view = new View();
const actions = new Actions();
let source = null;
let wait = FIRST_WAIT;
let heard = 0;
let timer = 0;
let hiding = 0;

function link(state, words) {
  const pill = at('link');
  pill.className = 'pill ' + state;
  text(pill, words);
}

function notice(words) {
  at('notice').hidden = !words;
  text(at('notice'), words || '');
}

function show(part) {
  at('sign-in').hidden = part !== 'sign-in';
  at('board').hidden = part !== 'board';
  at('sections').hidden = part !== 'board';
}

function stop() {
  clearTimeout(timer);
  if (source) source.close();
  source = null;
}

/** Finds out how things stand with the port, and then listens, asks for the token, or says what is wrong. */
async function begin() {
  stop();
  let session;
  try {
    const answer = await fetch('/dashboard/session', { cache: 'no-store' });
    if (!answer.ok) throw new Error('status ' + answer.status + ': ' + (await answer.text()).trim());
    session = await answer.json();
  } catch (failed) {
    away('The operator port does not answer (' + failed.message + ').');
    return;
  }
  if (session.unguarded) {
    show('');
    link('bad', 'Closed');
    notice('Other machines can reach this operator port, so the dashboard needs a token: set admin.token (or the variable ESPER_ADMIN_TOKEN) and restart the gateway, or let admin.address listen on 127.0.0.1.');
    return;
  }
  at('sign-out').hidden = !session.required || !session.signed_in;
  if (!session.signed_in) {
    show('sign-in');
    link('', 'Signed out');
    notice('');
    document.body.classList.remove('stale');
    at('token').focus();
    return;
  }
  listen();
}

function listen() {
  const opened = new EventSource('/dashboard/events');
  source = opened;
  let first = true;
  heard = Date.now();
  const on = (kind, use) => opened.addEventListener(kind, event => {
    if (source === opened) {
      heard = Date.now();
      use(JSON.parse(event.data));
    }
  });
  on('history', data => {
    show('board');
    view.history(data);
  });
  on('tables', data => {
    view.tables(data);
    actions.scopes(data);
  });
  on('now', data => {
    view.now(data);
    actions.counted(view.count);
    if (first) {
      first = false;
      wait = FIRST_WAIT;
      link('good', 'Live');
      notice('');
      document.body.classList.remove('stale');
      actions.connected();
    }
  });
  on('end', () => begin());
  opened.onerror = () => {
    if (source === opened) lost();
  };
}

/** The events have ended; asks why, as an event source does not say. */
async function lost() {
  stop();
  let why = 'The connection to the operator port was lost.';
  try {
    const answer = await fetch('/dashboard/events', { method: 'HEAD', cache: 'no-store' });
    if (answer.status === 401) {
      begin();
      return;
    }
    if (answer.status === 503) why = 'As many as admin.dashboard.viewers allows look at this already.';
  } catch (gone) {
    why = 'The operator port does not answer. Is the gateway running?';
  }
  away(why);
}

function away(why) {
  stop();
  link('bad', 'Reconnecting');
  document.body.classList.add('stale');
  const since = view.time ? ' What is shown is of ' + clock(view.time) + '.' : '';
  notice(why + ' Trying again every ' + span(Math.max(wait, 1000) / 1000) + '.' + since);
  timer = setTimeout(begin, wait);
  wait = Math.min(wait * 2, LONGEST_WAIT);
}

setInterval(() => {
  if (source && Date.now() - heard > SILENCE && !document.hidden) {
    away('Nothing has been heard for ' + span(SILENCE / 1000) + '.');
  }
}, 1000);

// A page that nobody sees gives its place up after a while.
document.addEventListener('visibilitychange', () => {
  clearTimeout(hiding);
  if (document.hidden) {
    hiding = setTimeout(() => {
      stop();
      link('', 'Asleep');
    }, HIDDEN);
  } else if (!source) {
    begin();
  }
});

actions.begin = begin;
begin();
