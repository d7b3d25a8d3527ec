import { post, problemOf } from './http.js';

/** A payment by QR code: asked for here, paid on a phone, and told to this device by the server. */
export class Payment {
  #user;
  #section;
  #ticket;
  #failure;
  #current;

  /** `user()` answers who pays. */
  constructor(section, user) {
    this.#user = user;
    this.#section = section;
    this.#ticket = section.querySelector('.ticket');
    this.#failure = section.querySelector('.failure');
    section.querySelector('form').addEventListener('submit', (event) => {
      event.preventDefault();
      this.#ask(event.submitter ?? event.target.querySelector('button'));
    });
    this.#ticket.querySelector('button').addEventListener('click', (event) => this.#pay(event.target));
  }

  async #ask(button) {
    const amount = this.#section.querySelector('input').value.trim().replace(',', '.');
    const payment = await this.#send(button, '/demo/payments', { user: this.#user(), amount });
    if (!payment) return;

    this.#current = { id: payment.id, amount };
    this.#ticket.querySelector('img').src = payment.qr;
    this.#ticket.querySelector('a').href = payment.payUrl;
    this.#show('waiting', 'Waiting for payment');
  }

  async #pay(button) {
    await this.#send(button, `/demo/payments/${encodeURIComponent(this.#current.id)}/pay`, {});
  }

  /** The server says so, not the button: a phone may have paid. */
  paid(message) {
    if (!this.#current || message.payment !== this.#current.id) return;
    this.#current.amount = String(message.amount ?? this.#current.amount);
    this.#show('paid', 'Paid');
  }

  forget() {
    this.#current = undefined;
    this.#ticket.hidden = true;
    this.#failure.hidden = true;
  }

  #show(state, status) {
    this.#ticket.dataset.state = state;
    this.#ticket.hidden = false;
    this.#ticket.querySelector('.sum').textContent = `€ ${this.#current.amount}`;
    this.#ticket.querySelector('.status').textContent = status;
    this.#ticket.querySelector('.actions').hidden = state === 'paid';
  }

  async #send(button, path, body) {
    button.disabled = true;
    const answer = await post(path, body);
    button.disabled = false;
    this.#failure.hidden = answer.ok;
    this.#failure.textContent = answer.ok ? '' : problemOf(answer);
    return answer.ok ? answer.body : undefined;
  }
}
