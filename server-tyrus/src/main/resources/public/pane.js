import { Connection } from './connection.js';
import { post, problemOf } from './http.js';
import { Inbox } from './inbox.js';
import { listOf } from './list.js';
import { Payment } from './payment.js';
import { read } from './payload.js';

/** One device: its connection, what it received, and the two things that the server moves on it. */
export class Pane {
  #root;
  #onChange;
  #settings;
  #connection;
  #countdown;
  #inbound = 'ignore';
  #inbox;
  #payment;

  /** `onChange()` is called when the user, the topics or the connection have changed. */
  constructor(template, settings, onChange) {
    this.#root = template.content.cloneNode(true).firstElementChild;
    this.#settings = settings;
    this.#onChange = onChange;
    this.#inbox = new Inbox(this.#find('.inbox'));
    this.#payment = new Payment(this.#find('.payment'), () => this.#settings.user);

    const identity = this.#find('.identity');
    identity.elements.user.value = settings.user;
    identity.elements.topics.value = settings.topics.join(', ');
    identity.addEventListener('submit', (event) => event.preventDefault());
    identity.addEventListener('change', () => this.#rename(identity.elements));
    this.#find('.switch').addEventListener('click', () => this.#toggle());
    this.#find('.import button').addEventListener('click', (event) => this.#startImport(event.target));
    this.#find('.say form').addEventListener('submit', (event) => this.#say(event));
    addEventListener('online', () => this.#connection?.hurry());
    document.addEventListener('visibilitychange', () => {
      if (!document.hidden) this.#connection?.hurry();
    });
  }

  /** What becomes of what this device says: goes to nobody (ignore), everyone, or its one topic. */
  set inbound(mode) {
    this.#inbound = mode;
    this.#offerToSay();
  }

  get root() {
    return this.#root;
  }

  get settings() {
    return this.#settings;
  }

  get url() {
    const url = new URL('/ws', location.href);
    url.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:';
    if (this.#settings.user) url.searchParams.append('user', this.#settings.user);
    for (const topic of this.#settings.topics) url.searchParams.append('topic', topic);
    return url.href;
  }

  connect() {
    const name = this.#settings.user ? `user ${this.#settings.user}` : 'an anonymous user';
    this.#find('h2').textContent = `Device of ${name}`;
    this.#note();
    this.#offerToSay();
    this.#connection = new Connection(this.url, {
      state: (state) => this.#showState(state),
      payload: (data) => this.#receive(data),
    });
  }

  #rename({ user, topics }) {
    const settings = { user: user.value.trim(), topics: listOf(topics.value) };
    if (JSON.stringify(settings) === JSON.stringify(this.#settings)) return;
    this.#connection?.close();
    if (settings.user !== this.#settings.user) {
      this.#inbox.clear();
      this.#payment.forget();
      this.#showProgress(0, 'Not started');
    }
    this.#settings = settings;
    this.connect();
  }

  #toggle() {
    if (this.#connection) {
      this.#connection.close();
    } else {
      this.connect();
    }
  }

  #offerToSay() {
    const { topics } = this.#settings;
    const isHeard = this.#inbound === 'everyone' || (this.#inbound === 'topic' && topics.length === 1);
    this.#find('.say').hidden = !isHeard;
    this.#find('.say input').placeholder = this.#inbound === 'topic' ? `Say to topic ${topics[0]}` : 'Say to everyone';
  }

  #say(event) {
    event.preventDefault();
    const { text } = event.target.elements;
    this.#connection.send(text.value);
    text.value = '';
  }

  #receive(data) {
    const payload = read(data);
    const message = payload.value ?? {};
    if (message.type === 'progress' && Number.isFinite(message.percent)) {
      const percent = Math.max(0, Math.min(100, message.percent));
      this.#showProgress(percent, percent === 100 ? 'Done' : `${Math.floor(percent)} %`);
      this.#inbox.add(payload, `progress ${message.job}`);
      return;
    }
    if (message.type === 'paid') this.#payment.paid(message);
    this.#inbox.add(payload);
  }

  async #startImport(button) {
    button.disabled = true;
    const answer = await post('/demo/imports', { user: this.#settings.user });
    button.disabled = false;
    if (!answer.ok) this.#showProgress(0, problemOf(answer));
  }

  #showProgress(percent, text) {
    const section = this.#find('.import');
    section.dataset.state = percent === 100 ? 'done' : percent > 0 ? 'running' : 'idle';
    section.querySelector('progress').value = percent;
    section.querySelector('output').textContent = text;
  }

  #showState({ name, code, text, until }) {
    clearInterval(this.#countdown);
    const pill = this.#find('.pill');
    pill.dataset.state = name;
    const say = (words) => {
      pill.querySelector('.text').textContent = words;
    };
    if (name === 'waiting') {
      const tick = () => say(reconnecting(until));
      tick();
      this.#countdown = setInterval(tick, 250);
    } else {
      say({ connecting: 'Connecting', open: 'Open', closed: 'Closed' }[name]);
    }

    const why = text && (code ? `${code}: ${text}` : text);
    if (name !== 'connecting') this.#note(why);
    // The count-down would be read out each second: the spoken line changes with the state only.
    const spoken = { connecting: 'connecting', open: 'connected', waiting: 'reconnecting', closed: 'closed' }[name];
    this.#find('.spoken').textContent = why ? `${spoken}, ${why}` : spoken;

    if (name === 'closed') this.#connection = undefined;
    this.#find('.say button').disabled = name !== 'open';
    this.#find('.switch').textContent = name === 'closed' ? 'Connect' : 'Disconnect';
    this.#onChange();
  }

  /** The reason of the state, or else where this device is connected. */
  #note(reason) {
    const note = this.#find('.note');
    note.textContent = reason ?? this.url.slice(this.url.indexOf('/ws'));
    note.dataset.kind = reason ? 'reason' : 'address';
  }

  #find(selector) {
    return this.#root.querySelector(selector);
  }
}

function reconnecting(until) {
  const seconds = Math.ceil((until - Date.now()) / 1000);
  return seconds > 0 ? `Reconnecting in ${seconds} s` : 'Reconnecting';
}
