// ws.js PORT: the npm package ws. What comes from /publish goes to everybody else.
const { WebSocketServer } = require('ws');

const receivers = new Set();
const server = new WebSocketServer({
  host: '127.0.0.1', port: Number(process.argv[2]), backlog: 4096, perMessageDeflate: false,
});

server.on('connection', (socket, request) => {
  if (request.url === '/publish') {
    socket.on('message', (data) => {
      const text = data.toString();
      for (const receiver of receivers) receiver.send(text);
    });
  } else {
    receivers.add(socket);
    socket.on('close', () => receivers.delete(socket));
  }
});
