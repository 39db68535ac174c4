// Normal equations of the rollout loss in the spline's coefficients, by forward sensitivities of velocity Verlet.
#include "problem.h"

#include <string.h>

static Trajectories d;
static Spline s;
static Rollout r;
// Flat: the trajectory stays in the plane z = 0, and so do its sensitivities.
static int ready = 0, flat, *active, *column, *rows;
static double *dq, *dv, *source, *source_next, *jacobian, *local_metric, *local_gradient, *chunk;

static int find_active(void) {
  int looks = (d.records - 1) * d.stride * d.pairs, columns = 0;
  memset(column, 0, 4 * s.size);
  flat = 1;
  for (int l = 0; l < looks; l++) {
    for (int e = 0; e < 4; e++) column[s.first[r.cell[l]] + e] = 1;
    if (r.nz[l] != 0) flat = 0;
  }
  for (int b = 0; b < s.size; b++)
    if (column[b]) {
      active[columns] = b;
      column[b] = columns++;
    }
  return columns;
}

static void add_source(double *target, int columns, int step, double kick) {
  for (int p = 0; p < d.pairs; p++) {
    int l = step * d.pairs + p, k = r.cell[l], first = column[s.first[k]];
    double t = r.t[l], wi = kick * d.scale_i[p], wj = kick * d.scale_j[p];
    double *ti = target + (long)d.pair_i[p] * columns + first, *tj = target + (long)d.pair_j[p] * columns + first;
    const double *c = s.polynomials + 16 * k;
    for (int e = 0; e < 4; e++, c += 4) {
      double phi = c[0] + t * (c[1] + t * (c[2] + t * c[3])), pi = phi * wi, pj = phi * wj;
      ti[e] -= pi * r.nx[l];
      ti[columns + e] -= pi * r.ny[l];
      tj[e] += pj * r.nx[l];
      tj[columns + e] += pj * r.ny[l];
      if (flat) continue;
      ti[2 * columns + e] -= pi * r.nz[l];
      tj[2 * columns + e] += pj * r.nz[l];
    }
  }
}

static void kick_by_gradient(int columns, int step, double span) {
  for (int p = 0; p < d.pairs; p++) {
    int l = step * d.pairs + p;
    double nx = r.nx[l], ny = r.ny[l], nz = r.nz[l];
    double transverse = -span * r.transverse[l], radial = -span * r.radial[l] - transverse;
    double si = d.scale_i[p], sj = d.scale_j[p];
    const double *restrict qi = dq + (long)d.pair_i[p] * columns, *restrict qj = dq + (long)d.pair_j[p] * columns;
    double *restrict vi = dv + (long)d.pair_i[p] * columns, *restrict vj = dv + (long)d.pair_j[p] * columns;
    if (flat)
      for (int k = 0; k < columns; k++) {
        double x = qi[k] - qj[k], y = qi[k + columns] - qj[k + columns];
        double w = radial * (nx * x + ny * y);
        double fx = w * nx + transverse * x, fy = w * ny + transverse * y;
        vi[k] += si * fx;
        vi[k + columns] += si * fy;
        vj[k] -= sj * fx;
        vj[k + columns] -= sj * fy;
      }
    else for (int k = 0; k < columns; k++) {
      double x = qi[k] - qj[k], y = qi[k + columns] - qj[k + columns], z = qi[k + 2 * columns] - qj[k + 2 * columns];
      double w = radial * (nx * x + ny * y + nz * z);
      double fx = w * nx + transverse * x, fy = w * ny + transverse * y, fz = w * nz + transverse * z;
      vi[k] += si * fx;
      vi[k + columns] += si * fy;
      vi[k + 2 * columns] += si * fz;
      vj[k] -= sj * fx;
      vj[k + columns] -= sj * fy;
      vj[k + 2 * columns] -= sj * fz;
    }
  }
}

static void drift(int block, double h) {
  double *restrict q = dq;
  const double *restrict v = dv;
  for (int k = 0; k < block; k++) q[k] += h * v[k];
}

static void propagate(int columns, int span) {
  int block = d.components * columns, steps = (d.records - 1) * d.stride;
  memset(dq, 0, 8ul * block);
  memset(dv, 0, 8ul * block);
  memset(source, 0, 8ul * block);
  memset(source_next, 0, 8ul * block);
  for (int step = 0; step < steps; step += span) {
    if (span == 1) add_source(dv, columns, step, step == 0 ? 0.5 * d.dt : d.dt);
    else {
      // Kicks inside the span count for its two ends by linear interpolation.
      for (int k = 0; k < span; k++) {
        double kick = (step + k == 0 ? 0.5 : 1) * d.dt, share = (double)k / span;
        add_source(source, columns, step + k, kick * (1 - share));
        if (k > 0) add_source(source_next, columns, step + k, kick * share);
      }
      for (int k = 0; k < block; k++) {
        dv[k] += source[k];
        source[k] = source_next[k];
        source_next[k] = 0;
      }
    }
    double length = span * d.dt;
    kick_by_gradient(columns, step, step == 0 ? 0.5 * length : length);
    drift(block, length);
    if ((step + span) % d.stride == 0) memcpy(jacobian + (long)((step + span) / d.stride) * block, dq, 8ul * block);
  }
}

static void accumulate(int columns) {
  int used = 0, k = 0;
  for (int row = d.components; row < d.records * d.components; row++)
    if (!flat || row % 3 < 2) rows[used++] = row;
  memset(local_metric, 0, 8ul * columns * columns);
  memset(local_gradient, 0, 8ul * columns);
  for (; k + 4 <= used; k += 4) {
    const double *restrict o0 = jacobian + (long)rows[k] * columns, *restrict o1 = jacobian + (long)rows[k + 1] * columns;
    const double *restrict o2 = jacobian + (long)rows[k + 2] * columns, *restrict o3 = jacobian + (long)rows[k + 3] * columns;
    double e0 = r.residuals[rows[k]], e1 = r.residuals[rows[k + 1]], e2 = r.residuals[rows[k + 2]], e3 = r.residuals[rows[k + 3]];
    for (int i = 0; i < columns; i++) {
      double s0 = o0[i], s1 = o1[i], s2 = o2[i], s3 = o3[i];
      if (s0 == 0 && s1 == 0 && s2 == 0 && s3 == 0) continue;
      local_gradient[i] = local_gradient[i] + s0 * e0 + s1 * e1 + s2 * e2 + s3 * e3;
      double *restrict m = local_metric + (long)i * columns;
      for (int c = 0; c <= i; c++) m[c] = m[c] + s0 * o0[c] + s1 * o1[c] + s2 * o2[c] + s3 * o3[c];
    }
  }
  for (; k < used; k++) {
    const double *o = jacobian + (long)rows[k] * columns;
    double e = r.residuals[rows[k]];
    for (int i = 0; i < columns; i++) {
      if (o[i] == 0) continue;
      local_gradient[i] += o[i] * e;
      for (int c = 0; c <= i; c++) local_metric[(long)i * columns + c] += o[i] * o[c];
    }
  }
}

// Sum of squares, J'residuals, J'J: trajectories are added up in chunks, and the chunks in their order.
static void pass(double *out, int span) {
  double *gradient = out + 1, *metric = out + 1 + s.size;
  int n = 1 + s.size + s.size * s.size;
  memset(out, 0, 8ul * n);
  for (int t = 0; t < d.trajectories; t++) {
    if (t % d.chunk == 0) memset(chunk, 0, 8ul * n);
    double *chunk_gradient = chunk + 1, *chunk_metric = chunk + 1 + s.size;
    chunk[0] += roll(&d, &s.cells, s.curve, t, &r);
    int columns = find_active();
    propagate(columns, span);
    accumulate(columns);
    for (int i = 0; i < columns; i++) {
      chunk_gradient[active[i]] += local_gradient[i];
      for (int k = 0; k <= i; k++)
        chunk_metric[(long)active[i] * s.size + active[k]] += local_metric[(long)i * columns + k];
    }
    if ((t + 1) % d.chunk != 0 && t + 1 != d.trajectories) continue;
    out[0] += chunk[0];
    for (int i = 0; i < s.size; i++) {
      gradient[i] += chunk_gradient[i];
      for (int k = i * s.size; k <= i * s.size + i; k++) metric[k] += chunk_metric[k];
    }
  }
  for (int i = 0; i < s.size; i++)
    for (int k = 0; k < i; k++) metric[(long)k * s.size + i] = metric[(long)i * s.size + k];
}

static void exact(double *out) { pass(out, 1); }
static void coarse(double *out) { pass(out, s.tangent_step); }

Work gauss_newton_work(int with_coarse_tangents) {
  if (!ready) {
    ready = 1;
    d = read_trajectories();
    s = read_spline();
    r = new_rollout(&d);
    unsigned long block = 8ul * d.components * s.size;
    active = need(4 * s.size);
    column = need(4 * s.size);
    rows = need(4 * d.records * d.components);
    dq = need(block);
    dv = need(block);
    source = need(block);
    source_next = need(block);
    jacobian = need(d.records * block);
    local_metric = need(8ul * s.size * s.size);
    local_gradient = need(8ul * s.size);
    chunk = need(8ul * (1 + s.size + s.size * s.size));
  }
  int size = 1 + s.size + s.size * s.size;
  Work work = {with_coarse_tangents ? "gauss-newton-coarse" : "gauss-newton", size, need(8ul * size),
               with_coarse_tangents ? coarse : exact};
  return work;
}
