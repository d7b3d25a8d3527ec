const user = new URLSearchParams(location.search).get('user') ?? 'anna';
const nodes = await (await fetch('/nodes')).json();
const byId = (id) => document.getElementById(id);
let payment;

connect(Math.floor(Math.random() * nodes.length));

/** When its node goes away the page goes on with the next one. */
function connect(n) {
  const node = new URL(nodes[n % nodes.length]);
  const socket = new WebSocket(`${node}?user=${user}`);
  socket.onopen = () => {
    state('open', `${user}, by ${node.host}`);
    if (payment) refresh();
  };
  socket.onmessage = ({ data }) => hear(JSON.parse(data));
  socket.onclose = () => {
    state('away', 'Reconnecting');
    setTimeout(connect, 500 + Math.random() * 1000, n + 1);
  };
}

function hear(message) {
  if (message.type === 'payment' && message.id === payment?.id) showPayment(message);
  if (message.type === 'import') showImport(message);
  if (message.type === 'notice') {
    const item = document.createElement('li');
    item.textContent = message.text;
    byId('notices').prepend(item);
  }
}

byId('buy').addEventListener('click', async () => {
  showPayment(await (await fetch(`/payments?user=${user}&amount=12.50`, { method: 'POST' })).json());
});

/** What was said while nobody was connected is lost; the business knows it. */
async function refresh() {
  showPayment(await (await fetch(`/payments/${payment.id}`)).json());
}

function showPayment(now) {
  payment = now;
  byId('buy').hidden = true;
  byId('payment').hidden = false;
  byId('payment').dataset.state = now.paid ? 'paid' : 'waiting';
  byId('payment-state').textContent = now.paid ? 'Paid. Thank you!' : 'Waiting for your phone';
  byId('phone').hidden = now.paid;
  byId('phone').href = `/pay/${now.id}`;
  if (!now.paid) byId('code').src = `/payments/${now.id}/qr.svg`;
}

byId('file').addEventListener('change', async ({ target }) => {
  const [file] = target.files;
  if (!file) return;
  showImport({ percent: 0, articles: 0, failure: '' });
  const answer = await fetch(`/imports?user=${user}`, { method: 'POST', body: file }).catch(() => undefined);
  if (!answer) showImport({ percent: 0, articles: 0, failure: 'the business does not answer' });
  target.value = '';
});

function showImport({ percent, articles, failure }) {
  const prices = `${articles.toLocaleString('en')} prices`;
  byId('progress').value = percent;
  byId('import-state').dataset.state = failure ? 'failed' : percent === 100 ? 'done' : 'running';
  byId('import-state').textContent = failure ? `Not imported: ${failure}` : percent === 100 ? `Done, ${prices}` : `${percent} %, ${prices}`;
}

function state(name, words) {
  byId('state').dataset.state = name;
  byId('state').textContent = words;
}
