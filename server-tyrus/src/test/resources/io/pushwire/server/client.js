// Where, and with what protocols, the page connects when each of these close codes comes, one after the other.
const [where, codes, tokens] = arguments;

return import('/pushwire.js').then(async ({ Connection }) => {
  const dialled = [];
  let socket;
  window.WebSocket = class {
    constructor(url, protocols) { socket = this; dialled.push([url, ...protocols].join(' ')); }
    close() {}
  };
  const states = [];
  const options = tokens ? { token: () => tokens.shift() ?? Promise.reject(new Error('signed out')) } : {};
  const connection = new Connection(where, {
    state: ({ name, url, text }) => states.push([name, url, text].filter(Boolean).join(' ')),
    payload() {},
  }, options);
  for (const code of codes) {
    await new Promise((resolve) => setTimeout(resolve));
    socket?.onopen?.();
    socket?.onclose?.({ code, reason: '' });
    connection.hurry();
  }
  await new Promise((resolve) => setTimeout(resolve));
  connection.close();
  return { dialled, states };
});
