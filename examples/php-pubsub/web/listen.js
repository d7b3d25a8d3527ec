const query = new URLSearchParams(location.search);
const user = query.get('user');
const nodes = await json('nodes.json');
let turn = Number(query.get('node'));

document.title = document.querySelector('#user').textContent = user;
connect();

async function connect() {
  const node = nodes[turn++ % nodes.length];
  try {
    // A new token each time: the one before may be the reason why the server has closed.
    const { token, topics } = await json(`token.php?user=${encodeURIComponent(user)}`);
    document.querySelector('#hears').textContent = ['own messages', ...topics].join(' and ');
    const join = new URLSearchParams(topics.map((topic) => ['topic', topic]));
    const socket = new WebSocket(`ws://${node}/ws?${join}`, ['pushwire', `bearer.${token}`]);
    socket.onopen = () => say('open', node);
    socket.onmessage = (event) => show(event.data);
    socket.onclose = again;
  } catch {
    again();
  }
}

/** On the next server, and not at the same moment as everybody else. */
function again() {
  say('away', 'connecting');
  setTimeout(connect, 500 + 1000 * Math.random());
}

function say(state, text) {
  document.body.dataset.state = state;
  document.querySelector('#state').textContent = text;
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
