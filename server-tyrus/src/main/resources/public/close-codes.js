/** What a close code means to the one who was connected, and whether it makes sense to come back. */
const meanings = {
  1000: { text: 'closed as asked', again: false },
  1001: { text: 'the node goes away', again: true },
  1003: { text: 'this kind of frame is not accepted', again: false },
  1006: { text: 'the link broke without a goodbye', again: true },
  1008: { text: 'against the rules of this server', again: false },
  1009: { text: 'the message was too big', again: true },
  1011: { text: 'something went wrong in the server', again: true },
  1012: { text: 'the node is being drained', again: true, atOnce: true },
  1013: { text: 'the node has too much to do', again: true },
  4401: { text: 'the token has expired', again: false },
  4403: { text: 'not allowed any more', again: false },
  4408: { text: 'this device reads too slowly', again: true },
  4409: { text: 'closed by an API call', again: false },
  4429: { text: 'too many messages from this device', again: true },
};

export function closeCode(code) {
  return meanings[code] ?? { text: 'closed by the server', again: true };
}
