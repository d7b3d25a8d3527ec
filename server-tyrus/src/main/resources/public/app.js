import { showCommands } from './command.js';
import { watchServer } from './health.js';
import { get } from './http.js';
import { Pane } from './pane.js';
import { SendForm } from './send.js';

const STORED_AS = 'pushwire.panes';
const byId = (id) => document.getElementById(id);

const panes = load().map((settings) => new Pane(byId('pane'), settings, changed));
const form = new SendForm(byId('send'), byId('receipt'), byId('curl'), byId('copy-curl'),
  () => panes.map((pane) => pane.settings.user));

byId('devices').append(...panes.map((pane) => pane.root));
for (const pane of panes) pane.connect();
watchServer(byId('server'));
showCommands(byId('hints'), byId('command'));
offerToSay();

async function offerToSay() {
  const { ok, body } = await get('/demo/settings');
  if (ok) for (const pane of panes) pane.inbound = body.inbound;
}

function changed() {
  store();
  form.refreshConnections();
}

/** A browser may forbid the storage; then a reload just starts afresh. */
function load() {
  const fresh = [{ user: '42', topics: ['news'] }, { user: '7', topics: ['news'] }];
  try {
    const stored = JSON.parse(sessionStorage.getItem(STORED_AS));
    return Array.isArray(stored) && stored.length === fresh.length && stored.every(isSettings) ? stored : fresh;
  } catch {
    return fresh;
  }
}

function isSettings(value) {
  return typeof value?.user === 'string' && Array.isArray(value.topics)
    && value.topics.every((topic) => typeof topic === 'string');
}

function store() {
  try {
    sessionStorage.setItem(STORED_AS, JSON.stringify(panes.map((pane) => pane.settings)));
  } catch {
    // As above.
  }
}
