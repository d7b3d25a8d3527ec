// What is measured: time, how long messages took, and what another process uses.
#pragma once
#include <stdint.h>
#include <sys/types.h>

#define MAX_PROCESSES 16

uint64_t now_nanos(void);

void times_clear(void);
void times_add(uint64_t nanos);
// The time in microseconds that this percentage of all did not exceed, at most 0.8 % too high.
double times_percentile(double percent);

struct processes {
  int count;
  pid_t ids[MAX_PROCESSES];
};

// "12,34"; ends the program if that is something else.
struct processes processes_parse(const char *list);
double processes_cpu_seconds(const struct processes *all);
long processes_resident_kb(const struct processes *all);
double own_cpu_seconds(void);
