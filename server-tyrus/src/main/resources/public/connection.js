import { closeCode } from './close-codes.js';

const FIRST_DELAY = 500;
const LONGEST_DELAY = 30_000;
/** Only a connection that held this long proves that the trouble is over. */
const SETTLED = 5_000;

/**
 * A WebSocket that comes back: with exponential back-off and jitter, so that the clients of a node
 * that died don't all knock at the same moment; at once if the server asks for it (1012).
 *
 * The listener gets `state({name, code?, text?, until?})`, name being connecting, open, waiting or
 * closed, and `payload(data)`: a string, or an ArrayBuffer.
 *
 * `send(data)` says something, while it is open; whether that is heard the server's `inbound` decides.
 */
export class Connection {
  #url;
  #listener;
  #socket;
  #timer;
  #failures = 0;
  #openedAt;

  constructor(url, listener) {
    this.#url = url;
    this.#listener = listener;
    this.#dial();
  }

  close() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#forget();
    this.#listener.state({ name: 'closed', text: 'disconnected on this device' });
  }

  send(data) {
    if (this.#socket?.readyState !== WebSocket.OPEN) throw new Error('The connection is not open');
    this.#socket.send(data);
  }

  /** Ends the waiting, for instance because the network is back. */
  hurry() {
    if (this.#timer !== undefined) this.#dial();
  }

  #dial() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#openedAt = undefined;
    this.#listener.state({ name: 'connecting' });

    const socket = new WebSocket(this.#url);
    socket.binaryType = 'arraybuffer';
    this.#socket = socket;
    socket.onopen = () => {
      this.#openedAt = performance.now();
      this.#listener.state({ name: 'open' });
    };
    socket.onmessage = (event) => this.#listener.payload(event.data);
    socket.onclose = (event) => this.#closed(event);
  }

  #closed({ code, reason }) {
    this.#forget();
    const held = this.#openedAt === undefined ? 0 : performance.now() - this.#openedAt;
    if (held >= SETTLED) this.#failures = 0;

    const meaning = closeCode(code);
    const text = this.#openedAt === undefined && code === 1006
      ? 'server away, or user refused'
      : reason || meaning.text;
    if (!meaning.again) {
      this.#listener.state({ name: 'closed', code, text });
      return;
    }
    const delay = meaning.atOnce && this.#failures === 0 ? 0 : backOff(this.#failures);
    this.#failures++;
    this.#listener.state({ name: 'waiting', code, text, until: Date.now() + delay });
    this.#timer = setTimeout(() => this.#dial(), delay);
  }

  /** From here on nothing of this socket is heard. */
  #forget() {
    const socket = this.#socket;
    if (!socket) return;
    this.#socket = undefined;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }
}

function backOff(failures) {
  const longest = Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** failures);
  return longest / 2 + Math.random() * longest / 2;
}
