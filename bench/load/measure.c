#include "measure.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static double seconds_of(clockid_t clock) {
  struct timespec t;
  return clock_gettime(clock, &t) ? 0 : t.tv_sec + t.tv_nsec / 1e9;
}

uint64_t now_nanos(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000ull + t.tv_nsec;
}

// Classes as in an HDR histogram: for each power of two, 128 of equal width.
enum { BITS = 7, WIDTH = 1 << BITS };
static uint64_t counts[(64 - BITS + 1) * WIDTH];
static uint64_t total;

void times_clear(void) {
  memset(counts, 0, sizeof counts);
  total = 0;
}

void times_add(uint64_t nanos) {
  int shift = nanos < WIDTH ? 0 : 63 - __builtin_clzll(nanos) - BITS;
  counts[(nanos < WIDTH ? 0 : (shift + 1) * WIDTH - WIDTH) + (nanos >> shift)]++;
  total++;
}

double times_percentile(double percent) {
  uint64_t wanted = total * percent / 100, seen = 0;
  for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
    seen += counts[i];
    if (seen > 0 && seen >= wanted) {
      size_t shift = i < 2 * WIDTH ? 0 : i / WIDTH - 1;
      return (double)((i - shift * WIDTH + 1) << shift) / 1e3;
    }
  }
  return 0;
}

struct processes processes_parse(const char *list) {
  struct processes all = {0};
  for (const char *rest = list; *rest;) {
    char *end;
    long id = strtol(rest, &end, 10);
    if (end == rest || id <= 0 || all.count == MAX_PROCESSES || (*end && *end != ',')) {
      fprintf(stderr, "not a list of at most %d process ids: %s\n", MAX_PROCESSES, list);
      exit(2);
    }
    all.ids[all.count++] = id;
    rest = *end ? end + 1 : end;
  }
  return all;
}

double processes_cpu_seconds(const struct processes *all) {
  double sum = 0;
  for (int i = 0; i < all->count; i++) {
    clockid_t clock;
    sum += clock_getcpuclockid(all->ids[i], &clock) ? 0 : seconds_of(clock);
  }
  return sum;
}

long processes_resident_kb(const struct processes *all) {
  long sum = 0;
  for (int i = 0; i < all->count; i++) {
    char path[64];
    long pages = 0;
    snprintf(path, sizeof path, "/proc/%d/statm", all->ids[i]);
    FILE *file = fopen(path, "r");
    if (file) {
      if (fscanf(file, "%*d %ld", &pages) == 1) sum += pages * (sysconf(_SC_PAGESIZE) / 1024);
      fclose(file);
    }
  }
  return sum;
}

double own_cpu_seconds(void) { return seconds_of(CLOCK_PROCESS_CPUTIME_ID); }
