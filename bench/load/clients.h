// Connections that receive: opened at once, read as fast as possible, from one thread.
#pragma once
#include <stdbool.h>
#include <stdint.h>

struct clients {
  int port;
  const char *path; // a form, see text_fill
  bool socket_io;   // speaks Socket.IO 4 on top
  int count;
  int at_once;      // how many handshakes may be under way

  // what became of them
  int open, failed, closed;
  uint64_t deliveries, bytes;
};

// Opens all; returns when each is open or has failed, or when that takes longer than so many seconds.
void clients_open(struct clients *all, int seconds);

// Waits so many milliseconds at most for something to come, and takes it.
void clients_poll(struct clients *all, int millis);

// Also waits for this descriptor; clients_poll calls what is given when something is to be read.
void clients_watch(int fd, void (*readable)(void));

// The request that opens a WebSocket; returns its length.
int clients_handshake(char *to, int port, const char *path, int user);
// Whether that is how the answer to it begins.
bool clients_accepted(const char *answer);
// A connected blocking socket; ends the program if there is none.
int clients_connect(int port);
