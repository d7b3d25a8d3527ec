#define _GNU_SOURCE
#include "clients.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "measure.h"
#include "text.h"

enum { BUFFER = 1 << 18, EVENTS = 1024, NOBODY = -1 };
enum { TEXT = 1, CLOSE = 8, PING = 9, PONG = 10 };

struct client {
  int fd;
  enum { CONNECTING, SHAKING, JOINING, OPEN, GONE } state;
  int kept_size; // of what came of something that is not whole yet
  char *kept;
};

static struct client *clients;
static int epoll = -1;
static int watched = -1;
static void (*watcher)(void);
static char buffer[BUFFER];

static void watch(int operation, int fd, uint32_t what, int who) {
  struct epoll_event event = {.events = what, .data.fd = who};
  if (epoll < 0) epoll = epoll_create1(EPOLL_CLOEXEC);
  if (epoll_ctl(epoll, operation, fd, &event)) {
    perror("epoll_ctl");
    exit(1);
  }
}

void clients_watch(int fd, void (*readable)(void)) {
  watched = fd;
  watcher = readable;
  watch(EPOLL_CTL_ADD, fd, EPOLLIN, NOBODY);
}

static int connecting(int port, int flags) {
  struct sockaddr_in address = {.sin_family = AF_INET,
                                .sin_port = htons(port),
                                .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | flags, 0), on = 1;
  if (fd < 0) return -1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (connect(fd, (struct sockaddr *)&address, sizeof address) && errno != EINPROGRESS) {
    close(fd);
    return -1;
  }
  return fd;
}

int clients_connect(int port) {
  int fd = connecting(port, 0);
  if (fd < 0) {
    fprintf(stderr, "cannot connect to 127.0.0.1:%d: %s\n", port, strerror(errno));
    exit(1);
  }
  return fd;
}

int clients_handshake(char *to, int port, const char *path, int user) {
  char filled[MAX_TEXT];
  int length = text_fill(filled, path, user, 0, 0);
  // the key of RFC 6455, 1.3: so the limit server can answer without a digest
  return sprintf(to,
                 "GET %.*s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUpgrade: websocket\r\n"
                 "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                 "Sec-WebSocket-Version: 13\r\n\r\n",
                 length, filled, port);
}

bool clients_accepted(const char *answer) { return !strncmp(answer, "HTTP/1.1 101", 12); }

static void gone(struct clients *all, struct client *it, const char *why) {
  if (it->state == OPEN) {
    all->open--;
    all->closed++;
  } else if (all->failed++ < 3) {
    fprintf(stderr, "a connection was not opened: %s\n", why);
  }
  it->state = GONE;
  close(it->fd);
  free(it->kept);
  it->kept = NULL;
}

static void answer(struct client *it, int opcode, const char *text, int size) {
  char frame[MAX_FRAME];
  int length = text_frame(frame, opcode, text, size);
  if (send(it->fd, frame, length, MSG_NOSIGNAL | MSG_DONTWAIT) < 0 && errno != ECONNRESET) {
    perror("an answer was not sent");
  }
}

static void opened(struct clients *all, struct client *it) {
  it->state = OPEN;
  all->open++;
}

// Packets of Engine.IO 4: 0 open, 2 ping, 3 pong, 4 message; 40: Socket.IO's connect.
static void socket_io(struct clients *all, struct client *it, const char *text, int size) {
  if (size == 1 && *text == '2') {
    answer(it, TEXT, "3", 1);
  } else if (it->state == JOINING && size > 0 && *text == '0') {
    answer(it, TEXT, "40", 2);
  } else if (it->state == JOINING && size > 1 && !strncmp(text, "40", 2)) {
    opened(all, it);
  }
}

static void frame(struct clients *all, struct client *it, int opcode, const char *text, int size,
                  uint64_t now) {
  if (opcode == PING) {
    answer(it, PONG, text, size);
  } else if (opcode != CLOSE) {
    uint64_t sent = text_stamp(text, size);
    if (sent) {
      all->deliveries++;
      times_add(now - sent);
    } else if (all->socket_io) {
      socket_io(all, it, text, size);
    }
  }
}

// Returns where the first frame begins that is not whole.
static const char *frames(struct clients *all, struct client *it, const char *at, const char *end) {
  uint64_t now = now_nanos();
  while (end - at >= 2) {
    const unsigned char *head = (const unsigned char *)at;
    int size = head[1] & 127, length = size < 126 ? 2 : size == 126 ? 4 : 10;
    if (end - at < length) break;
    if (size >= 126) size = head[length - 2] << 8 | head[length - 1];
    if (end - at < length + size) break;
    frame(all, it, head[0] & 15, at + length, size, now);
    at += length + size;
  }
  return at;
}

static const char *handshake(struct clients *all, struct client *it, const char *end) {
  const char *body = memmem(buffer, end - buffer, "\r\n\r\n", 4);
  if (!body) return buffer;
  if (!clients_accepted(buffer)) {
    gone(all, it, strtok(buffer, "\r"));
    return end;
  }
  it->state = JOINING;
  if (!all->socket_io) opened(all, it);
  return body + 4;
}

static void keep(struct client *it, const char *from, const char *end) {
  it->kept_size = end - from;
  if (it->kept_size > 0) {
    it->kept = realloc(it->kept, it->kept_size);
    memmove(it->kept, from, it->kept_size);
  }
}

static void readable(struct clients *all, struct client *it) {
  if (it->kept_size > 0) memcpy(buffer, it->kept, it->kept_size);
  ssize_t size = recv(it->fd, buffer + it->kept_size, BUFFER - 1 - it->kept_size, 0);
  if (size <= 0) {
    if (size == 0 || errno != EAGAIN) gone(all, it, size ? strerror(errno) : "closed");
    return;
  }
  all->bytes += size;
  const char *at = buffer, *end = buffer + it->kept_size + size;
  buffer[it->kept_size + size] = 0;
  if (it->state == SHAKING) at = handshake(all, it, end);
  if (it->state == JOINING || it->state == OPEN) at = frames(all, it, at, end);
  if (it->state != GONE) keep(it, at, end);
}

static void connected(struct clients *all, struct client *it) {
  char request[MAX_TEXT + 512];
  int length = clients_handshake(request, all->port, all->path, it - clients);
  if (send(it->fd, request, length, MSG_NOSIGNAL) != length) {
    gone(all, it, strerror(errno));
    return;
  }
  it->state = SHAKING;
  watch(EPOLL_CTL_MOD, it->fd, EPOLLIN, it - clients);
}

void clients_poll(struct clients *all, int millis) {
  struct epoll_event events[EVENTS];
  int count = epoll_wait(epoll, events, EVENTS, millis);
  for (int i = 0; i < count; i++) {
    struct client *it = &clients[events[i].data.fd];
    if (events[i].data.fd == NOBODY) {
      watcher();
    } else if (it->state == CONNECTING) {
      connected(all, it);
    } else {
      readable(all, it);
    }
  }
}

void clients_open(struct clients *all, int seconds) {
  uint64_t deadline = now_nanos() + seconds * 1000000000ull;
  int begun = 0;
  clients = calloc(all->count, sizeof *clients);
  while (all->open + all->failed + all->closed < all->count && now_nanos() < deadline) {
    while (begun < all->count && begun - all->open - all->failed - all->closed < all->at_once) {
      struct client *it = &clients[begun++];
      it->fd = connecting(all->port, SOCK_NONBLOCK);
      if (it->fd < 0) {
        gone(all, it, strerror(errno));
      } else {
        watch(EPOLL_CTL_ADD, it->fd, EPOLLOUT, it - clients);
      }
    }
    clients_poll(all, 100);
  }
}
