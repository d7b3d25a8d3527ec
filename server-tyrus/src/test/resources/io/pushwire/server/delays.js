// How long, in ms, the page waits after each of these close codes, one after the other.
const codes = arguments[0];

return import('/pushwire.js').then(({ Connection }) => {
  const sockets = [];
  window.WebSocket = class {
    constructor() { sockets.push(this); }
    close() {}
  };
  const delays = [];
  const connection = new Connection('ws://nowhere', {
    state: ({ name, until }) => { if (name === 'waiting') delays.push(until - Date.now()); },
    payload() {},
  });
  for (const code of codes) {
    sockets.at(-1).onclose({ code, reason: '' });
    connection.hurry();
  }
  connection.close();
  return delays;
});
