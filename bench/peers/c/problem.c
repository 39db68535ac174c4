#include "problem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

extern const char *folder;

void *need(unsigned long bytes) {
  void *memory = NULL;
  if (posix_memalign(&memory, 64, bytes > 0 ? bytes : 64) != 0) {
    fprintf(stderr, "out of memory\n");
    exit(1);
  }
  memset(memory, 0, bytes);
  return memory;
}

static FILE *open_file(const char *name, const char *ending) {
  char path[4096];
  snprintf(path, sizeof path, "%s/%s%s", folder, name, ending);
  FILE *file = fopen(path, "rb");
  if (file == NULL) {
    fprintf(stderr, "cannot read %s\n", path);
    exit(1);
  }
  return file;
}

static void *values(const char *name, const char *ending, int width, int *count) {
  FILE *file = open_file(name, ending);
  fseek(file, 0, SEEK_END);
  long bytes = ftell(file);
  rewind(file);
  void *out = need(bytes);
  if (fread(out, 1, bytes, file) != (size_t)bytes) {
    fprintf(stderr, "cannot read %s\n", name);
    exit(1);
  }
  fclose(file);
  if (count != NULL) *count = bytes / width;
  return out;
}

double *doubles(const char *name, int *count) { return values(name, ".f64", 8, count); }
int *integers(const char *name, int *count) { return values(name, ".i32", 4, count); }

double size_of(const char *name) {
  FILE *file = open_file("sizes", ".txt");
  char key[128];
  double value;
  while (fscanf(file, "%127s %lf", key, &value) == 2)
    if (strcmp(key, name) == 0) {
      fclose(file);
      return value;
    }
  fprintf(stderr, "no size %s\n", name);
  exit(1);
}

Trajectories read_trajectories(void) {
  Trajectories d;
  d.trajectories = size_of("trajectories");
  d.records = size_of("records");
  d.components = size_of("components");
  d.pairs = size_of("pairs");
  d.stride = size_of("stride");
  // At most 64 chunks of whole fours.
  d.chunk = 4 * ((d.trajectories + 255) / 256);
  d.residuals = size_of("residuals");
  d.dt = size_of("dt");
  d.positions = doubles("positions", NULL);
  d.start_velocities = doubles("start-velocities", NULL);
  d.scale_i = doubles("scale-i", NULL);
  d.scale_j = doubles("scale-j", NULL);
  d.pair_i = integers("pair-i", NULL);
  d.pair_j = integers("pair-j", NULL);
  return d;
}

Cells read_cells(const char *name) {
  char key[128];
  Cells cells;
  snprintf(key, sizeof key, "%s-left", name);
  cells.left = doubles(key, &cells.count);
  snprintf(key, sizeof key, "%s-inverse-widths", name);
  cells.inverse_widths = doubles(key, NULL);
  snprintf(key, sizeof key, "%s-index", name);
  cells.index = integers(key, &cells.bins);
  snprintf(key, sizeof key, "%s-scale", name);
  double *scale = doubles(key, NULL);
  cells.bins_per_length = scale[0];
  cells.end = scale[1];
  free(scale);
  return cells;
}

Spline read_spline(void) {
  Spline s;
  s.size = size_of("spline-size");
  s.tangent_step = size_of("tangent-step");
  s.cells = read_cells("spline");
  s.curve = doubles("spline-curve", NULL);
  s.polynomials = doubles("spline-polynomials", NULL);
  s.first = integers("spline-first", NULL);
  return s;
}
