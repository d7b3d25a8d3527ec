// One connection that sends: WebSocket frames, or plain bytes such as HTTP requests or Redis commands.
#pragma once
#include <stdint.h>

struct publisher {
  int port;
  const char *path; // of its WebSocket; null: plain bytes
  int socket_io;    // that WebSocket speaks Socket.IO
  const char *form; // of a message, see text_fill
  int payload;      // bytes
};

void publisher_open(const struct publisher *it);
// Adds a message to what publisher_flush sends.
void publisher_add(const struct publisher *it, int user, uint64_t stamp);
void publisher_flush(void);
// The beginning of what came back last.
const char *publisher_answer(void);
