// bun.js PORT: Bun's own server, which is uWebSockets. What comes from /publish goes to everybody else.
const server = Bun.serve({
  hostname: '127.0.0.1',
  port: Number(process.argv[2]),
  fetch(request, self) {
    const publisher = new URL(request.url).pathname === '/publish';
    return self.upgrade(request, { data: { publisher } }) ? undefined : new Response('', { status: 400 });
  },
  websocket: {
    perMessageDeflate: false,
    idleTimeout: 50,
    open(socket) {
      if (!socket.data.publisher) socket.subscribe('t');
    },
    message(socket, text) {
      if (socket.data.publisher) server.publish('t', text);
    },
  },
});
