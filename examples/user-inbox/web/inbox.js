const KEPT = 500;
const clock = new Intl.DateTimeFormat([], { timeStyle: 'short' });
const query = new URLSearchParams(location.search);
const user = query.get('user') ?? '42';
const nodes = await (await fetch('nodes.json')).json();
const at = (id) => document.getElementById(id);
let turn = Number(query.get('node'));
let socket;
let timer;

at('user').textContent = user;
at('switch').onclick = () => (socket ? leave() : connect());
addEventListener('storage', () => show(read())); // another tab has got something
show(read());
connect();

function connect() {
  clearTimeout(timer);
  at('waiting').hidden = true;
  const node = nodes[turn % nodes.length];
  say('connecting', 'Connecting', 'Go offline');
  socket = new WebSocket(`ws://${node}/ws?user=${encodeURIComponent(user)}`);
  socket.onopen = () => say('open', node, 'Go offline');
  socket.onmessage = (event) => keep(JSON.parse(event.data));
  socket.onclose = () => {
    // On the next server, and not at the same moment as everybody else.
    turn++;
    say('connecting', 'Connecting', 'Go offline');
    timer = setTimeout(connect, 300 + 700 * Math.random());
  };
}

function leave() {
  clearTimeout(timer);
  socket.onclose = null;
  socket.close();
  socket = undefined;
  say('away', 'Offline', 'Come back');
  count();
}

async function count() {
  try {
    const { waiting } = await (await fetch(`waiting.php?user=${encodeURIComponent(user)}`)).json();
    at('count').textContent = waiting;
    at('what').textContent = waiting === 1 ? 'message has come' : 'messages have come';
    at('waiting').hidden = socket !== undefined;
  } catch {
    at('waiting').hidden = true; // no server is up
  }
  if (socket) return;
  clearTimeout(timer);
  timer = setTimeout(count, 1000);
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

function say(state, text, action) {
  document.body.dataset.state = state;
  at('state').textContent = text;
  at('switch').textContent = action;
}
