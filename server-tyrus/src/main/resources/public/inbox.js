import { sizeOf } from './payload.js';

const KEPT = 200;
const clock = new Intl.DateTimeFormat('en-GB', {
  hour: '2-digit', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 3,
});

/** What a device has received, newest first. Payloads become text nodes, never markup. */
export class Inbox {
  #list;
  #count;
  #empty;
  #clear;
  #received = 0;
  /** The rows that stand for a series of messages. */
  #series = new Map();

  constructor(section) {
    this.#list = section.querySelector('ol');
    this.#count = section.querySelector('.count');
    this.#empty = section.querySelector('.empty');
    this.#clear = section.querySelector('button');
    this.#clear.addEventListener('click', () => this.clear());
  }

  /** With the name of a series the message takes the place of the one before it. */
  add(payload, series) {
    this.#received++;
    let row = series && this.#series.get(series);
    if (row) {
      row.repeated++;
    } else {
      row = newRow();
      row.series = series;
      if (series) this.#series.set(series, row);
    }
    fill(row, payload);
    if (this.#list.firstElementChild !== row.item) this.#list.prepend(row.item);
    this.#drop();
    this.#show();
  }

  clear() {
    this.#received = 0;
    this.#series.clear();
    this.#list.replaceChildren();
    this.#show();
  }

  #drop() {
    while (this.#list.childElementCount > KEPT) {
      const last = this.#list.lastElementChild;
      last.remove();
      for (const [series, row] of this.#series) {
        if (row.item === last) this.#series.delete(series);
      }
    }
  }

  #show() {
    this.#count.textContent = this.#received;
    this.#empty.hidden = this.#received > 0;
    this.#clear.hidden = this.#received === 0;
  }
}

function newRow() {
  const row = {
    item: document.createElement('li'),
    kind: document.createElement('span'),
    times: document.createElement('span'),
    time: document.createElement('time'),
    text: document.createElement('pre'),
    repeated: 1,
  };
  const facts = document.createElement('p');
  row.times.className = 'times';
  facts.append(row.kind, row.times, row.time);
  row.item.append(facts, row.text);
  return row;
}

function fill(row, { kind, size, text }) {
  const now = new Date();
  row.item.dataset.kind = kind.toLowerCase();
  row.kind.textContent = `${kind}, ${sizeOf(size)}`;
  row.times.textContent = row.repeated > 1 ? `× ${row.repeated}` : '';
  row.time.textContent = clock.format(now);
  row.time.dateTime = now.toISOString();
  row.text.textContent = text;
}
