import { copies, quote } from './command.js';
import { get, post, problemOf, useKey } from './http.js';
import { listOf } from './list.js';

const examples = {
  text: 'Your order 1042 has shipped.',
  json: '{"type":"order","id":1042,"state":"shipped"}',
  base64: '3q2+7/dQAQA=',
};
const hints = { text: '', json: '', base64: 'Bytes, as Base64.' };

/** The form that does what a backend does. */
export class SendForm {
  #form;
  #receipt;
  #curl;
  #users;
  #kind = 'text';
  #drafts = { ...examples };

  /** `users()` answers the users whose connections are offered as a target. */
  constructor(form, receipt, curl, copyButton, users) {
    this.#form = form;
    this.#receipt = receipt;
    this.#curl = curl;
    this.#users = users;
    copies(copyButton, curl);
    form.elements.payload.value = this.#drafts.text;
    form.addEventListener('input', () => this.#update());
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#send();
    });
    form.addEventListener('keydown', (event) => {
      if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) form.requestSubmit();
    });
    this.#update();
  }

  /** To be called when connections have come or gone. */
  async refreshConnections() {
    const { to, connection } = this.#form.elements;
    if (to.value !== 'connection') return;
    const chosen = connection.value;
    const users = [...new Set(this.#users())].filter(Boolean);
    const answers = await Promise.all(
      users.map((user) => get(`/v1/users/${encodeURIComponent(user)}`)));
    const options = answers.flatMap(({ ok, body }, i) =>
      (ok ? body.connections ?? [] : []).map((id) => new Option(`${id}, user ${users[i]}`, id)));
    connection.replaceChildren(...(options.length ? options : [new Option('none is open', '')]));
    if (options.some((option) => option.value === chosen)) connection.value = chosen;
    this.#update();
  }

  #update() {
    const { to, kind, payload, key } = this.#form.elements;
    for (const part of this.#form.querySelectorAll('[data-to]')) {
      const becomesVisible = part.hidden && part.dataset.to === to.value;
      part.hidden = part.dataset.to !== to.value;
      if (becomesVisible && to.value === 'connection') this.refreshConnections();
    }
    if (kind.value === this.#kind) {
      this.#drafts[this.#kind] = payload.value;
    } else {
      this.#kind = kind.value;
      payload.value = this.#drafts[this.#kind];
      this.#complain('');
    }
    if (this.#kind !== 'json' || isJson(payload.value)) this.#complain('');
    useKey(key.value.trim());
    this.#curl.textContent = this.#command();
  }

  #complain(text) {
    const { payload } = this.#form.elements;
    const hint = this.#form.querySelector('.hint');
    payload.setAttribute('aria-invalid', String(text !== ''));
    hint.textContent = text || hints[this.#kind];
  }

  #to() {
    const { to, user, users, topic, connection } = this.#form.elements;
    switch (to.value) {
      case 'users': return { users: listOf(users.value) };
      case 'topic': return { topic: topic.value.trim() };
      case 'everyone': return { everyone: true };
      case 'connection': return { connection: connection.value };
      default: return { user: user.value.trim() };
    }
  }

  /** The request as text: parsing the JSON and printing it again would spoil large numbers. */
  #body() {
    const { payload, ttl, whenOffline } = this.#form.elements;
    const json = this.#kind === 'json' ? payload.value.trim() : JSON.stringify(payload.value);
    const parts = [`"to":${JSON.stringify(this.#to())}`, `"${this.#kind}":${json}`];
    if (ttl.value.trim()) parts.push(`"ttl":${Number(ttl.value)}`);
    if (whenOffline.value) parts.push(`"whenOffline":"${whenOffline.value}"`);
    return `{${parts.join(',')}}`;
  }

  #command() {
    const lines = [`curl ${location.origin}/v1/messages`, "-H 'Content-Type: application/json'"];
    if (this.#form.elements.key.value) lines.push('-H "Authorization: Bearer $PUSHWIRE_API_KEY"');
    lines.push(`-d ${quote(this.#body())}`);
    return lines.join(' \\\n  ');
  }

  async #send() {
    const { payload } = this.#form.elements;
    if (this.#kind === 'json' && !isJson(payload.value)) {
      this.#complain('This is not valid JSON.');
      payload.focus();
      return;
    }
    const button = this.#form.querySelector('[type=submit]');
    button.disabled = true;
    const started = performance.now();
    const answer = await post('/v1/messages', this.#body());
    button.disabled = false;
    this.#show(answer, Math.round(performance.now() - started));
  }

  #show(answer, ms) {
    const { state, words } = answer.ok ? verdict(answer.body) : { state: 'problem', words: answer.body.title || 'Not sent' };
    const title = document.createElement('strong');
    const facts = document.createElement('span');
    const text = document.createElement(answer.ok ? 'code' : 'p');
    title.textContent = words;
    facts.textContent = `${answer.status || 'no answer'}, ${ms} ms`;
    text.textContent = answer.ok ? spaced(answer.body) : problemOf(answer);
    this.#receipt.dataset.state = state;
    this.#receipt.replaceChildren(title, facts, text);
    this.#receipt.hidden = false;
  }
}

/** One receipt has a status; the one for several users counts how many had which. */
function verdict({ status, accepted = 0, stored = 0, nobody = 0, failed = 0 }) {
  if (status) {
    const words = { accepted: 'Accepted', stored: 'Stored until the user comes', nobody: 'Nobody is there' };
    return { state: status, words: words[status] ?? status };
  }
  const counts = [[accepted, 'accepted'], [stored, 'stored'], [nobody, 'not there'], [failed, 'failed']];
  return {
    state: failed ? 'problem' : accepted + stored ? 'accepted' : 'nobody',
    words: counts.filter(([n]) => n > 0).map(([n, what]) => `${n} ${what}`).join(', '),
  };
}

/** JSON that can wrap between its members. */
function spaced(value) {
  return JSON.stringify(value, null, 1).replace(/\n */g, ' ');
}

function isJson(text) {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
