// socketio.js PORT [REDIS-PORT]: Socket.IO, with its Redis adapter if there is a Redis.
// Everybody is in the room "t" and in that of his user; the event "publish" goes to "t".
const { createServer } = require('http');
const { Server } = require('socket.io');

const [port, redisPort] = process.argv.slice(2);

async function adapter() {
  const { createClient } = require('redis');
  const { createAdapter } = require('@socket.io/redis-adapter');
  const publisher = createClient({ url: `redis://127.0.0.1:${redisPort}` });
  const subscriber = publisher.duplicate();
  await Promise.all([publisher.connect(), subscriber.connect()]);
  return createAdapter(publisher, subscriber);
}

async function start() {
  const http = createServer();
  const server = new Server(http, {
    transports: ['websocket'], perMessageDeflate: false, pingInterval: 25000, pingTimeout: 25000,
  });
  if (redisPort) server.adapter(await adapter());
  server.on('connection', (socket) => {
    const { user } = socket.handshake.query;
    if (user) socket.join(['t', `u${user}`]);
    socket.on('publish', (text) => server.to('t').emit('m', text));
  });
  http.listen(Number(port), '127.0.0.1', 4096);
}

start();
