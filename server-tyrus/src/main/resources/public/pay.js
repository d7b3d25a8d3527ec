import { get, post, problemOf } from './http.js';

const id = location.pathname.split('/').filter(Boolean).at(-1);
const path = `/demo/payments/${id}`;
const byId = (name) => document.getElementById(name);

byId('pay').addEventListener('click', async () => {
  byId('pay').disabled = true;
  show(await post(`${path}/pay`, {}));
  byId('pay').disabled = false;
});
show(await get(path));

function show(answer) {
  const { ok, body } = answer;
  const state = !ok ? 'failed' : body.paid ? 'paid' : 'waiting';
  byId('payment').dataset.state = state;
  if (ok) byId('sum').textContent = `€ ${body.amount}`;
  byId('status').textContent = {
    failed: problemOf(answer),
    paid: 'Paid. The page that showed the code knows it already.',
    waiting: 'Waiting for you to pay',
  }[state];
  // Without an answer another try may help; a payment that is not there stays away.
  byId('pay').hidden = state === 'paid' || answer.status === 404;
}
