// Answers the bench: a line `WORK TIMES` on standard input, a line of JSON on standard output; results into the folder.
#define _POSIX_C_SOURCE 200809L
#include "problem.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

const char *folder;

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return t.tv_sec + 1e-9 * t.tv_nsec;
}

static int make(const char *name, Work *work) {
  if (strcmp(name, "gauss-newton") == 0) *work = gauss_newton_work(0);
  else if (strcmp(name, "gauss-newton-coarse") == 0) *work = gauss_newton_work(1);
  else if (strcmp(name, "adjoint-gradient") == 0) *work = adjoint_work();
  else if (strcmp(name, "network-batch") == 0) *work = network_work();
  else return 0;
  return 1;
}

int main(int count, char **arguments) {
  if (count != 3) {
    fprintf(stderr, "usage: %s FOLDER NAME\n", arguments[0]);
    return 2;
  }
  folder = arguments[1];
  printf("{\"versions\":{\"compiler\":\"%s\"}}\n", __VERSION__);
  fflush(stdout);
  char name[128], path[4096];
  int times, made = 0;
  Work works[8];
  while (scanf("%127s %d", name, &times) == 2) {
    int k = 0;
    while (k < made && strcmp(works[k].name, name) != 0) k++;
    if (k == made && (made == 8 || !make(name, &works[made]))) {
      printf("{\"error\":\"no such work\"}\n");
      fflush(stdout);
      continue;
    }
    if (k == made) made++;
    Work *work = &works[k];
    printf("{\"seconds\":[");
    for (int t = 0; t < times; t++) {
      double began = now();
      work->run(work->result);
      printf("%s%.9g", t > 0 ? "," : "", now() - began);
    }
    snprintf(path, sizeof path, "%s/%s-%s.f64", folder, arguments[2], name);
    FILE *file = fopen(path, "wb");
    if (file == NULL || fwrite(work->result, 8, work->result_size, file) != (size_t)work->result_size) return 1;
    fclose(file);
    printf("],\"result\":\"%s-%s.f64\"}\n", arguments[2], name);
    fflush(stdout);
  }
  return 0;
}
