// The least that a server can do: one send() for each message and connection, from one thread.
// What this takes is the system calls' share; no server that writes each message by itself is faster.
//
//   limit PORT          one send() for each message and connection
//   limit PORT joined   what has come in one read is sent with one send() for each connection
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <unistd.h>

enum { MAX_SOCKETS = 1 << 20, EVENTS = 1024, BUFFER = 1 << 17 };

// The answer to the key of RFC 6455, 1.3, which is all that the load generator sends.
static const char accepted[] =
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";

static enum { NEW, RECEIVER, PUBLISHER } kinds[MAX_SOCKETS];
static int places[MAX_SOCKETS]; // of a receiver in the list
static int receivers[MAX_SOCKETS];
static int receiver_count;
static int epoll;

static char input[BUFFER]; // of the publisher
static int input_size;
static char output[2 * BUFFER];
static int output_size;

static void watch(int fd) {
  struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
  epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
}

static int listening(int port) {
  struct sockaddr_in address = {.sin_family = AF_INET,
                                .sin_port = htons(port),
                                .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), on = 1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (bind(fd, (struct sockaddr *)&address, sizeof address) || listen(fd, 4096)) {
    perror("limit");
    exit(1);
  }
  return fd;
}

static void accept_all(int listener) {
  for (int fd, on = 1; (fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0;) {
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    kinds[fd] = NEW;
    watch(fd);
  }
}

static void forget(int fd) {
  if (kinds[fd] == RECEIVER) {
    int last = receivers[--receiver_count];
    receivers[places[fd]] = last;
    places[last] = places[fd];
  }
  if (kinds[fd] == PUBLISHER) input_size = 0;
  close(fd);
}

static void send_to_all(void) {
  for (int i = 0; i < receiver_count; i++) {
    send(receivers[i], output, output_size, MSG_NOSIGNAL | MSG_DONTWAIT);
  }
  output_size = 0;
}

static void add_frame(const char *payload, int size) {
  output[output_size++] = (char)0x81;
  if (size < 126) {
    output[output_size++] = (char)size;
  } else {
    output[output_size++] = 126;
    output[output_size++] = (char)(size >> 8);
    output[output_size++] = (char)size;
  }
  memcpy(output + output_size, payload, size);
  output_size += size;
}

// The load generator masks with zeros.
static void publish(int fd, bool joined) {
  ssize_t size = recv(fd, input + input_size, BUFFER - input_size, 0);
  if (size <= 0) {
    forget(fd);
    return;
  }
  input_size += size;
  int at = 0;
  while (input_size - at >= 8) {
    const unsigned char *head = (unsigned char *)input + at;
    int length = head[1] & 127, payload = 6;
    if (length == 126) {
      length = head[2] << 8 | head[3];
      payload = 8;
    }
    if (input_size - at < payload + length) break;
    add_frame(input + at + payload, length);
    at += payload + length;
    if (!joined) send_to_all();
  }
  if (output_size > 0) send_to_all();
  memmove(input, input + at, input_size - at);
  input_size -= at;
}

static void greet(int fd) {
  char request[4096];
  ssize_t size = recv(fd, request, sizeof request - 1, 0);
  if (size <= 0 || !memmem(request, size, "\r\n\r\n", 4)) {
    forget(fd);
    return;
  }
  send(fd, accepted, sizeof accepted - 1, MSG_NOSIGNAL);
  if (!strncmp(request, "GET /publish", 12)) {
    kinds[fd] = PUBLISHER;
  } else {
    kinds[fd] = RECEIVER;
    places[fd] = receiver_count;
    receivers[receiver_count++] = fd;
  }
}

static void ignore(int fd) {
  char bytes[4096];
  if (recv(fd, bytes, sizeof bytes, 0) <= 0) forget(fd);
}

int main(int count, char **values) {
  if (count < 2) {
    fputs("usage: limit PORT [joined]\n", stderr);
    return 2;
  }
  bool joined = count > 2 && !strcmp(values[2], "joined");
  struct rlimit files;
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  epoll = epoll_create1(0);
  int listener = listening(atoi(values[1]));
  watch(listener);
  for (;;) {
    struct epoll_event events[EVENTS];
    int ready = epoll_wait(epoll, events, EVENTS, -1);
    for (int i = 0; i < ready; i++) {
      int fd = events[i].data.fd;
      if (fd == listener) {
        accept_all(listener);
      } else if (kinds[fd] == NEW) {
        greet(fd);
      } else if (kinds[fd] == PUBLISHER) {
        publish(fd, joined);
      } else {
        ignore(fd);
      }
    }
  }
}
