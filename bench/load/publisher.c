#define _GNU_SOURCE
#include "publisher.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "clients.h"
#include "text.h"

static int fd;
static char pending[1 << 20];
static int pending_size;
static char answers[1 << 16];

static void failed(const char *what) {
  fprintf(stderr, "the publisher: %s: %.300s\n", what, answers);
  exit(1);
}

static void answered(void) {
  ssize_t size = recv(fd, answers, sizeof answers - 1, MSG_DONTWAIT);
  if (size < 0 && errno == EAGAIN) return;
  if (size <= 0) failed("its connection was closed");
  answers[size] = 0;
  if (!strncmp(answers, "-", 1) || (!strncmp(answers, "HTTP/1.1 ", 9) && answers[9] != '2')) {
    failed("refused");
  }
}

static void add(const struct publisher *it, const char *text, int size) {
  if (pending_size + MAX_FRAME > (int)sizeof pending) publisher_flush();
  if (it->path) {
    pending_size += text_frame(pending + pending_size, 1, text, size);
  } else {
    memcpy(pending + pending_size, text, size);
    pending_size += size;
  }
}

// Socket.IO drops what comes before it has answered.
static void join(const struct publisher *it) {
  add(it, "40", 2);
  publisher_flush();
  for (int size = 0; !memmem(answers, size, "40{", 3);) {
    ssize_t more = recv(fd, answers + size, sizeof answers - 1 - size, 0);
    if (more <= 0) failed("no answer to Socket.IO's connect");
    size += more;
  }
}

void publisher_open(const struct publisher *it) {
  fd = clients_connect(it->port);
  if (it->path) {
    pending_size = clients_handshake(pending, it->port, it->path, 999999);
    publisher_flush();
    ssize_t size = recv(fd, answers, sizeof answers - 1, 0);
    answers[size > 0 ? size : 0] = 0;
    if (!clients_accepted(answers)) failed("no WebSocket");
    if (it->socket_io) join(it);
  }
  clients_watch(fd, answered);
}

void publisher_add(const struct publisher *it, int user, uint64_t stamp) {
  char text[MAX_TEXT];
  add(it, text, text_fill(text, it->form, user, stamp, it->payload));
}

void publisher_flush(void) {
  for (int sent = 0; sent < pending_size;) {
    ssize_t size = send(fd, pending + sent, pending_size - sent, MSG_NOSIGNAL);
    if (size < 0) failed(strerror(errno));
    sent += size;
  }
  pending_size = 0;
}

const char *publisher_answer(void) { return answers; }
