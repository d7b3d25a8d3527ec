import { Connection } from '/connection.js';

const KEPT = 200;
const me = crypto.randomUUID();
const messages = document.getElementById('messages');
const form = document.getElementById('say');
const state = document.getElementById('state');
const { name, text } = form.elements;

name.value = sessionStorage.getItem('name') ?? `Guest ${Math.floor(Math.random() * 900) + 100}`;

const connection = new Connection(`ws://${location.host}/ws`, {
  state: (now) => show(now),
  payload: (data) => hear(data),
});

form.addEventListener('submit', (event) => {
  event.preventDefault();
  connection.send(JSON.stringify({ name: name.value, text: text.value, from: me }));
  sessionStorage.setItem('name', name.value);
  text.value = '';
  text.focus();
});

function show({ name: is, text: why }) {
  const words = { connecting: 'Connecting', open: `Connected to ${location.host}`, waiting: 'Reconnecting', closed: 'Closed' };
  state.dataset.state = is;
  state.textContent = why ? `${words[is]}: ${why}` : words[is];
  form.querySelector('button').disabled = is !== 'open';
}

/** Anybody may have said it, in any form: it is shown as text, whatever it is. */
function hear(data) {
  const said = parse(data);
  const item = document.createElement('li');
  item.classList.toggle('mine', said.from === me);
  item.append(part('strong', said.name ?? 'Somebody'), part('time', new Date().toLocaleTimeString()), part('p', said.text));
  const followed = messages.scrollHeight - messages.scrollTop - messages.clientHeight < 60;
  messages.querySelector('.empty')?.remove();
  messages.append(item);
  if (messages.childElementCount > KEPT) messages.firstElementChild.remove();
  if (followed || said.from === me) messages.scrollTop = messages.scrollHeight;
}

function parse(data) {
  try {
    const said = JSON.parse(data);
    return typeof said?.text === 'string' ? said : { text: data };
  } catch {
    return { text: String(data) };
  }
}

function part(tag, content) {
  const element = document.createElement(tag);
  element.textContent = content;
  return element;
}
