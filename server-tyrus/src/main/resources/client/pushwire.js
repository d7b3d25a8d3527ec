/** What a close code means to the one who was connected, and whether it makes sense to come back. */
const MEANINGS = {
  1000: { text: 'closed as asked', again: false },
  1001: { text: 'the node goes away', again: true },
  1003: { text: 'this kind of frame is not accepted', again: false },
  1006: { text: 'the link broke without a goodbye', again: true },
  1008: { text: 'against the rules of this server', again: false },
  1009: { text: 'the message was too big', again: true },
  1011: { text: 'something went wrong in the server', again: true },
  1012: { text: 'the node is being drained', again: true, atOnce: true },
  1013: { text: 'the node has too much to do', again: true },
  4401: { text: 'the token has expired', again: false, withToken: true },
  4403: { text: 'not allowed any more', again: false },
  4408: { text: 'this device reads too slowly', again: true },
  4409: { text: 'closed by an API call', again: false },
  4429: { text: 'too many messages from this device', again: true },
};
const UNKNOWN = { text: 'closed by the server', again: true };

const FIRST_DELAY = 500;
const LONGEST_DELAY = 30_000;
/** Only a connection that held this long proves that the trouble is over. */
const SETTLED = 5_000;

/**
 * A WebSocket to Pushwire that comes back: with exponential back-off and jitter, so that the clients
 * of a node that died don't all knock at the same moment; at once if the server asks for it (1012),
 * when the network is back, and when the page is looked at again. It does not come back where that
 * makes no sense, as after 4403.
 *
 * `where`: a URL, or a list of them, one for each node: when one goes away it goes on with the next.
 *
 * `listener` gets `state({name, url, code?, text?, until?})`, name being connecting, open, waiting or
 * closed, and `payload(data)`: a string, or an ArrayBuffer.
 *
 * `options.token()` returns a token, or a promise of one. It is asked each time, since the token before
 * may have expired.
 */
export class Connection {
  #urls;
  #listener;
  #token;
  #turn = 0;
  #attempt;
  #socket;
  #timer;
  #failures = 0;
  #openedAt;
  #ended = new AbortController();

  constructor(where, listener, { token } = {}) {
    this.#urls = [where].flat();
    this.#listener = listener;
    this.#token = token;
    const { signal } = this.#ended;
    addEventListener('online', () => this.hurry(), { signal });
    document.addEventListener('visibilitychange', () => document.hidden || this.hurry(), { signal });
    this.#dial();
  }

  /** Says something, while it is open; whether that is heard the server's `inbound` decides. */
  send(data) {
    if (this.#socket?.readyState !== WebSocket.OPEN) throw new Error('The connection is not open');
    this.#socket.send(data);
  }

  /** Ends the waiting. */
  hurry() {
    if (this.#timer !== undefined) this.#dial();
  }

  /** Ends all. Nothing is heard of it afterwards. */
  close() {
    this.#forget();
    this.#end({ text: 'disconnected on this device' });
  }

  get #url() {
    return this.#urls[this.#turn % this.#urls.length];
  }

  #dial() {
    this.#forget();
    this.#openedAt = undefined;
    this.#tell({ name: 'connecting' });
    if (this.#token) this.#openWithToken();
    else this.#open();
  }

  async #openWithToken() {
    const attempt = (this.#attempt = {}); // until another one begins, or all ends
    const token = await Promise.resolve().then(this.#token).catch(() => undefined);
    if (attempt !== this.#attempt) return;
    if (token) this.#open(['pushwire', `bearer.${token}`]);
    else this.#again({ text: 'there is no token' });
  }

  #open(protocols = []) {
    const socket = new WebSocket(this.#url, protocols);
    socket.binaryType = 'arraybuffer';
    this.#socket = socket;
    socket.onopen = () => {
      this.#openedAt = performance.now();
      this.#tell({ name: 'open' });
    };
    socket.onmessage = (event) => this.#listener.payload(event.data);
    socket.onclose = (event) => this.#closed(event);
  }

  #closed({ code, reason }) {
    const held = this.#openedAt === undefined ? 0 : performance.now() - this.#openedAt;
    if (held >= SETTLED) this.#failures = 0;

    const meaning = MEANINGS[code] ?? UNKNOWN;
    const text = this.#openedAt === undefined && code === 1006
      ? 'server away, or user refused'
      : reason || meaning.text;
    this.#forget();
    if (meaning.again || (meaning.withToken && this.#token)) this.#again({ code, text }, meaning.atOnce);
    else this.#end({ code, text });
  }

  #again(why, atOnce = false) {
    const delay = atOnce && this.#failures === 0 ? 0 : backOff(this.#failures);
    this.#failures++;
    this.#tell({ name: 'waiting', ...why, until: Date.now() + delay });
    this.#turn++;
    this.#timer = setTimeout(() => this.#dial(), delay);
  }

  #end(why) {
    this.#ended.abort();
    this.#tell({ name: 'closed', ...why });
  }

  #tell(state) {
    this.#listener.state({ ...state, url: this.#url });
  }

  /** From here on nothing is heard of this socket or attempt. */
  #forget() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#attempt = undefined;
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
