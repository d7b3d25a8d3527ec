const path = `/payments/${location.pathname.split('/').at(-1)}`;
const byId = (id) => document.getElementById(id);

byId('pay').addEventListener('click', async () => show(await fetch(`${path}/pay`, { method: 'POST' })));
show(await fetch(path));

async function show(answer) {
  const payment = answer.ok ? await answer.json() : undefined;
  byId('sum').textContent = payment ? `€ ${payment.amount}` : '';
  byId('state').textContent = !payment ? 'There is no such payment' : payment.paid ? 'Paid. Thank you!' : 'No money moves: this is an example.';
  byId('pay').hidden = !payment || payment.paid;
}
