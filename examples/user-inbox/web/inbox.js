import { Connection } from './pushwire.js';

const KEPT = 500;
const clock = new Intl.DateTimeFormat([], { timeStyle: 'short' });
const query = new URLSearchParams(location.search);
const user = query.get('user') ?? '42';
const nodes = await (await fetch('nodes.json')).json();
const at = (id) => document.getElementById(id);
const first = Number(query.get('node'));
const urls = [...nodes.slice(first), ...nodes.slice(0, first)]
  .map((node) => `ws://${node}/ws?user=${encodeURIComponent(user)}`);
let connection;
let timer;

at('user').textContent = user;
at('switch').onclick = () => (connection ? connection.close() : connect());
addEventListener('storage', () => show(read())); // another tab has got something
show(read());
connect();

function connect() {
  clearTimeout(timer);
  at('waiting').hidden = true;
  connection = new Connection(urls, { state, payload: (data) => keep(parse(data)) });
}

async function count() {
  try {
    const { waiting } = await (await fetch(`waiting.php?user=${encodeURIComponent(user)}`)).json();
    at('count').textContent = waiting;
    at('what').textContent = waiting === 1 ? 'message waits' : 'messages wait';
    at('waiting').hidden = connection !== undefined;
  } catch {
    at('waiting').hidden = true; // no server is up
  }
  if (connection) return;
  clearTimeout(timer);
  timer = setTimeout(count, 1000);
}

/** Any program may have sent it, in any form. */
function parse(data) {
  const plain = { id: crypto.randomUUID(), at: Date.now() / 1000, text: String(data) };
  try {
    const message = JSON.parse(data);
    return typeof message?.text === 'string' ? { ...plain, ...message } : plain;
  } catch {
    return plain;
  }
}

/** Here, and not only on the page: what has been delivered does not come again. */
function keep(message) {
  const kept = read();
  // Unless a server dies before it has noted the delivery: then it does.
  if (kept.some(({ id }) => id === message.id)) return;
  localStorage.setItem(`inbox-${user}`, JSON.stringify([message, ...kept].slice(0, KEPT)));
  at('messages').prepend(row(message));
  if (kept.length >= KEPT) at('messages').lastChild.remove();
  at('none').hidden = true;
}

function read() {
  return JSON.parse(localStorage.getItem(`inbox-${user}`) ?? '[]');
}

function show(messages) {
  at('none').hidden = messages.length > 0;
  at('messages').replaceChildren(...messages.map(row));
}

function row({ at: seconds, text }) {
  const item = document.createElement('li');
  const time = document.createElement('time');
  const date = new Date(seconds * 1000);
  time.dateTime = date.toISOString();
  time.textContent = clock.format(date);
  item.append(text, time);
  return item;
}

function state({ name, url }) {
  document.body.dataset.state = name;
  at('state').textContent = { open: new URL(url).host, closed: 'Offline' }[name] ?? 'Connecting';
  at('switch').textContent = name === 'closed' ? 'Come back' : 'Go offline';
  if (name === 'closed') {
    connection = undefined;
    count();
  }
}
