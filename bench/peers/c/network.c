// V and V' of a 1-32-32-1 squareplus network at many separations, VECTOR of them side by side.
#include "problem.h"

#include <math.h>
#include <string.h>

#ifndef VECTOR
#define VECTOR 2
#endif
enum { WIDTH = 32, LANES = 2, BLOCK = VECTOR * LANES };

typedef double Vector __attribute__((vector_size(8 * VECTOR)));

static double *weights, *separations;
static int points;

static inline Vector root(Vector x) {
  for (int k = 0; k < VECTOR; k++) x[k] = sqrt(x[k]);
  return x;
}

static inline void squareplus(Vector z, Vector dz, Vector *h, Vector *u) {
  Vector s = root(z * z + 4.0), inverse = 1.0 / s;
  *h = 0.5 * (z + s);
  *u = 0.5 * (1.0 + z * inverse) * dz;
}

static void block(const double *r, double *energy, double *slope) {
  const double *w1 = weights, *b1 = w1 + WIDTH, *w2 = b1 + WIDTH, *b2 = w2 + WIDTH * WIDTH, *w3 = b2 + WIDTH;
  Vector x[LANES], h[WIDTH][LANES], u[WIDTH][LANES], v[LANES], dv[LANES];
  memcpy(x, r, sizeof x);
  for (int j = 0; j < WIDTH; j++)
    for (int l = 0; l < LANES; l++) {
      Vector one = x[l] - x[l] + w1[j];
      squareplus(b1[j] + w1[j] * x[l], one, &h[j][l], &u[j][l]);
    }
  for (int l = 0; l < LANES; l++) {
    v[l] = x[l] - x[l] + w3[WIDTH];
    dv[l] = x[l] - x[l];
  }
  // Two outputs at a time, so that every loaded input is used twice.
  for (int k = 0; k < WIDTH; k += 2) {
    Vector z[2][LANES], dz[2][LANES];
    for (int l = 0; l < LANES; l++) {
      z[0][l] = x[l] - x[l] + b2[k];
      z[1][l] = x[l] - x[l] + b2[k + 1];
      dz[0][l] = dz[1][l] = x[l] - x[l];
    }
    const double *a = w2 + k * WIDTH, *b = a + WIDTH;
    for (int j = 0; j < WIDTH; j++)
      for (int l = 0; l < LANES; l++) {
        z[0][l] += a[j] * h[j][l];
        dz[0][l] += a[j] * u[j][l];
        z[1][l] += b[j] * h[j][l];
        dz[1][l] += b[j] * u[j][l];
      }
    for (int o = 0; o < 2; o++)
      for (int l = 0; l < LANES; l++) {
        Vector g, dg;
        squareplus(z[o][l], dz[o][l], &g, &dg);
        v[l] += w3[k + o] * g;
        dv[l] += w3[k + o] * dg;
      }
  }
  memcpy(energy, v, sizeof v);
  memcpy(slope, dv, sizeof dv);
}

// All V, then all V'.
static void run(double *out) {
  int k = 0;
  for (; k + BLOCK <= points; k += BLOCK) block(separations + k, out + k, out + points + k);
  if (k == points) return;
  double r[BLOCK], energy[BLOCK], slope[BLOCK];
  for (int l = 0; l < BLOCK; l++) r[l] = separations[k + l < points ? k + l : points - 1];
  block(r, energy, slope);
  memcpy(out + k, energy, 8ul * (points - k));
  memcpy(out + points + k, slope, 8ul * (points - k));
}

Work network_work(void) {
  weights = doubles("network-weights", NULL);
  separations = doubles("network-separations", &points);
  Work work = {"network-batch", 2 * points, need(16ul * points), run};
  return work;
}
