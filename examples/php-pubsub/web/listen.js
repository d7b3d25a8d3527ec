import { Connection } from './pushwire.js';

const query = new URLSearchParams(location.search);
const user = query.get('user');
const nodes = await json('nodes.json');
const first = Number(query.get('node'));
const { topics } = await allowed();

document.title = document.querySelector('#user').textContent = user;
document.querySelector('#hears').textContent = ['own messages', ...topics].join(' and ');

const join = new URLSearchParams(topics.map((topic) => ['topic', topic]));
const urls = [...nodes.slice(first), ...nodes.slice(0, first)].map((node) => `ws://${node}/ws?${join}`);
new Connection(urls, { state, payload: show }, { token: async () => (await allowed()).token });

function allowed() {
  return json(`token.php?user=${encodeURIComponent(user)}`);
}

function state({ name, url, text }) {
  document.body.dataset.state = name;
  document.querySelector('#state').textContent = name === 'open' ? new URL(url).host : text ?? name;
}

function show(text) {
  const item = document.createElement('li');
  item.textContent = text;
  const list = document.querySelector('#messages');
  list.prepend(item);
  while (list.children.length > 100) list.lastChild.remove();
}

async function json(path) {
  return (await fetch(path)).json();
}
