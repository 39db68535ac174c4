// Velocity Verlet of one trajectory with V' given as a curve; keeps what adjoint and sensitivities look at.
#include "problem.h"

#include <math.h>
#include <string.h>

Rollout new_rollout(const Trajectories *d) {
  int steps = (d->records - 1) * d->stride, looks = steps * d->pairs;
  Rollout s;
  s.q = need(8 * d->components);
  s.v = need(8 * d->components);
  s.a = need(8 * d->components);
  s.residuals = need(8ul * d->records * d->components);
  s.cell = need(4ul * looks);
  s.nx = need(8ul * looks);
  s.ny = need(8ul * looks);
  s.nz = need(8ul * looks);
  s.transverse = need(8ul * looks);
  s.radial = need(8ul * looks);
  s.t = need(8ul * looks);
  return s;
}

static inline int cell_of(const Cells *c, double r) {
  int bin = (int)((r - c->left[0]) * c->bins_per_length);
  if (!(bin > 0)) bin = 0;
  else if (bin >= c->bins) bin = c->bins - 1;
  int k = c->index[bin];
  while (k > 0 && r < c->left[k]) k--;
  while (k < c->count - 1 && r >= c->left[k + 1]) k++;
  return k;
}

// Sum of squared residuals.
double roll(const Trajectories *d, const Cells *cells, const double *curve, int trajectory, Rollout *s) {
  int n = d->components, steps = (d->records - 1) * d->stride;
  const double *observed = d->positions + (long)trajectory * d->records * n;
  double *restrict q = s->q, *restrict v = s->v, *restrict a = s->a;
  memcpy(q, observed, 8 * n);
  memcpy(v, d->start_velocities + (long)trajectory * n, 8 * n);
  double sum = 0;
  for (int step = 0; step <= steps; step++) {
    if (step > 0) {
      for (int c = 0; c < n; c++) q[c] += d->dt * v[c];
      if (step % d->stride == 0) {
        long o = (long)(step / d->stride) * n;
        for (int c = 0; c < n; c++) {
          double e = q[c] - observed[o + c];
          s->residuals[o + c] = e;
          sum += e * e;
        }
        if (step == steps) break;
      }
    }
    memset(a, 0, 8 * n);
    for (int p = 0; p < d->pairs; p++) {
      int i = d->pair_i[p], j = d->pair_j[p];
      double x = q[i] - q[j], y = q[i + 1] - q[j + 1], z = q[i + 2] - q[j + 2];
      double r = sqrt(x * x + y * y + z * z), inverse = 1 / r;
      int k = cell_of(cells, r);
      double width = cells->inverse_widths[k], t = (r - cells->left[k]) * width;
      const double *c = curve + 4 * k;
      double f = c[0] + t * (c[1] + t * (c[2] + t * c[3]));
      int l = step * d->pairs + p;
      double nx = x * inverse, ny = y * inverse, nz = z * inverse;
      s->cell[l] = k;
      s->nx[l] = nx;
      s->ny[l] = ny;
      s->nz[l] = nz;
      s->transverse[l] = f * inverse;
      s->radial[l] = (c[1] + t * (2 * c[2] + t * 3 * c[3])) * width;
      s->t[l] = t;
      double fi = f * d->scale_i[p], fj = f * d->scale_j[p];
      a[i] -= fi * nx;
      a[i + 1] -= fi * ny;
      a[i + 2] -= fi * nz;
      a[j] += fj * nx;
      a[j + 1] += fj * ny;
      a[j + 2] += fj * nz;
    }
    double kick = step == 0 ? 0.5 * d->dt : d->dt;
    for (int c = 0; c < n; c++) v[c] += kick * a[c];
  }
  return sum;
}
