// Opens WebSockets, publishes, counts and times what arrives; prints one line of JSON. One thread.
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "clients.h"
#include "measure.h"
#include "publisher.h"

static const char usage[] =
    "usage: load --port N --path FORM [options]\n"
    "  --connections N     how many receive (1000)\n"
    "  --at-once N         handshakes under way at the same time (100)\n"
    "  --socket-io         they speak Socket.IO\n"
    "  --cpu-of PID,…      the server's processes\n"
    "  --open-only         only open; keep them open until standard input ends\n"
    "  --publish FORM      a message: %P payload, %U random user, \\r \\n \\xHH\n"
    "  --publish-port N    where to, if it is not --port\n"
    "  --publish-path FORM it is sent over a WebSocket to this path; else as it is, over TCP\n"
    "  --payload N         bytes of the payload (128)\n"
    "  --unicast           each message reaches one connection, not all\n"
    "  --outstanding N     messages that may be under way (1); or\n"
    "  --rate N            messages per second, whatever becomes of them\n"
    "  --warm S            seconds before the measurement (1)\n"
    "  --seconds S         seconds of the measurement (3)\n";

enum { OPEN_SECONDS = 60, STALL_SECONDS = 5, WAIT_MILLIS = 20 };

static struct clients clients = {.path = NULL, .count = 1000, .at_once = 100};
static struct publisher publisher = {.payload = 128};
static struct processes server;
static int open_only, unicast, outstanding = 1;
static double rate, warm = 1, seconds = 3, open_seconds;
static uint64_t published;

struct snapshot {
  uint64_t time, published, deliveries, bytes;
  double server_cpu, own_cpu;
};

static struct snapshot snapshot(void) {
  return (struct snapshot){now_nanos(),    published,     clients.deliveries,
                           clients.bytes,  processes_cpu_seconds(&server), own_cpu_seconds()};
}

static void publish(uint64_t stamp) {
  publisher_add(&publisher, rand() % clients.count, stamp);
  published++;
}

// Sends what may be sent now, and waits for what comes.
static void step(uint64_t *due) {
  uint64_t now = now_nanos();
  if (rate > 0) {
    // a late message is dated when it was due, so that a server that stalls hides nothing
    for (; *due <= now; *due += 1e9 / rate) publish(*due);
    publisher_flush();
    uint64_t millis = *due > now ? (*due - now) / 1000000 : 0;
    clients_poll(&clients, millis > WAIT_MILLIS ? WAIT_MILLIS : (int)millis);
    return;
  }
  uint64_t receivers = unicast ? 1 : clients.open;
  while (published * receivers < clients.deliveries + outstanding * receivers) publish(now);
  publisher_flush();
  clients_poll(&clients, WAIT_MILLIS);
}

static void run_until(uint64_t end, uint64_t *due) {
  uint64_t seen = clients.deliveries, progress = now_nanos();
  for (uint64_t now = progress; now < end; now = now_nanos()) {
    step(due);
    if (clients.deliveries != seen) {
      seen = clients.deliveries;
      progress = now;
    } else if (now - progress > STALL_SECONDS * 1000000000ull) {
      fprintf(stderr, "nothing came for %d s: %lu published, %lu delivered, %d open, %d closed; %.300s\n",
              STALL_SECONDS, published, clients.deliveries, clients.open, clients.closed,
              publisher_answer());
      exit(1);
    }
  }
}

static void print_opening(double server_cpu) {
  printf("{\"connections\":%d,\"failed\":%d,\"opens_per_second\":%.0f,\"server_cpu_us\":%.2f,"
         "\"server_rss_kb\":%ld,\"load_cpu_share\":%.3f}\n",
         clients.open, clients.failed, clients.open / open_seconds,
         server_cpu * 1e6 / clients.open, processes_resident_kb(&server),
         own_cpu_seconds() / open_seconds);
  fflush(stdout);
}

static void print_deliveries(struct snapshot a, struct snapshot b) {
  double took = (b.time - a.time) / 1e9, deliveries = b.deliveries - a.deliveries;
  printf("{\"connections\":%d,\"failed\":%d,\"closed\":%d,\"seconds\":%.3f,\"published\":%lu,"
         "\"deliveries\":%.0f,\"deliveries_per_second\":%.0f,\"bytes_per_delivery\":%.1f,"
         "\"p50_us\":%.1f,\"p99_us\":%.1f,\"p999_us\":%.1f,\"max_us\":%.1f,"
         "\"server_cpu_us\":%.3f,\"server_cpu_share\":%.3f,\"server_rss_kb\":%ld,"
         "\"load_cpu_share\":%.3f}\n",
         clients.open, clients.failed, clients.closed, took, b.published - a.published, deliveries,
         deliveries / took, (b.bytes - a.bytes) / deliveries, times_percentile(50),
         times_percentile(99), times_percentile(99.9), times_percentile(100),
         (b.server_cpu - a.server_cpu) * 1e6 / deliveries, (b.server_cpu - a.server_cpu) / took,
         processes_resident_kb(&server), (b.own_cpu - a.own_cpu) / took);
}

static void input_ended(void) {
  char byte;
  if (read(STDIN_FILENO, &byte, 1) <= 0) exit(0);
}

static void options(int count, char **values) {
  enum { PORT, PATH, CONNECTIONS, AT_ONCE, SOCKET_IO, CPU_OF, OPEN_ONLY, PUBLISH, PUBLISH_PORT,
         PUBLISH_PATH, PAYLOAD, UNICAST, OUTSTANDING, RATE, WARM, SECONDS };
  static const struct option known[] = {
      {"port", 1, 0, PORT}, {"path", 1, 0, PATH}, {"connections", 1, 0, CONNECTIONS},
      {"at-once", 1, 0, AT_ONCE}, {"socket-io", 0, 0, SOCKET_IO}, {"cpu-of", 1, 0, CPU_OF},
      {"open-only", 0, 0, OPEN_ONLY}, {"publish", 1, 0, PUBLISH},
      {"publish-port", 1, 0, PUBLISH_PORT}, {"publish-path", 1, 0, PUBLISH_PATH}, {"payload", 1, 0, PAYLOAD},
      {"unicast", 0, 0, UNICAST}, {"outstanding", 1, 0, OUTSTANDING}, {"rate", 1, 0, RATE},
      {"warm", 1, 0, WARM}, {"seconds", 1, 0, SECONDS}, {0}};
  for (int option; (option = getopt_long(count, values, "", known, NULL)) >= 0;) {
    switch (option) {
      case PORT: clients.port = atoi(optarg); break;
      case PATH: clients.path = optarg; break;
      case CONNECTIONS: clients.count = atoi(optarg); break;
      case AT_ONCE: clients.at_once = atoi(optarg); break;
      case SOCKET_IO: clients.socket_io = true; break;
      case CPU_OF: server = processes_parse(optarg); break;
      case OPEN_ONLY: open_only = 1; break;
      case PUBLISH: publisher.form = optarg; break;
      case PUBLISH_PORT: publisher.port = atoi(optarg); break;
      case PUBLISH_PATH: publisher.path = optarg; break;
      case PAYLOAD: publisher.payload = atoi(optarg); break;
      case UNICAST: unicast = 1; break;
      case OUTSTANDING: outstanding = atoi(optarg); break;
      case RATE: rate = atof(optarg); break;
      case WARM: warm = atof(optarg); break;
      case SECONDS: seconds = atof(optarg); break;
      default: fputs(usage, stderr); exit(2);
    }
  }
  if (optind < count || clients.port <= 0 || clients.count <= 0 || publisher.payload > 4096 ||
      !clients.path || (!open_only && !publisher.form)) {
    fputs(usage, stderr);
    exit(2);
  }
  if (!publisher.port) publisher.port = clients.port;
  publisher.socket_io = clients.socket_io;
}

int main(int count, char **values) {
  options(count, values);
  struct rlimit files;
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);

  struct snapshot start = snapshot();
  clients_open(&clients, OPEN_SECONDS);
  struct snapshot opened = snapshot();
  open_seconds = (opened.time - start.time) / 1e9;
  if (clients.open < clients.count) {
    fprintf(stderr, "only %d of %d connections were opened\n", clients.open, clients.count);
    return 1;
  }
  if (open_only) {
    print_opening(opened.server_cpu - start.server_cpu);
    clients_watch(STDIN_FILENO, input_ended);
    for (;;) clients_poll(&clients, 1000);
  }
  publisher_open(&publisher);
  uint64_t due = now_nanos();
  run_until(due + (uint64_t)(warm * 1e9), &due);
  times_clear();
  struct snapshot before = snapshot();
  run_until(before.time + (uint64_t)(seconds * 1e9), &due);
  struct snapshot after = snapshot();
  if (after.deliveries == before.deliveries) {
    fprintf(stderr, "nothing came in %.1f s\n", seconds);
    return 1;
  }
  print_deliveries(before, after);
  return 0;
}
