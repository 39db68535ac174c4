// Normal equations of the rollout loss in the spline's coefficients, by forward sensitivities of velocity Verlet.
#include "problem.h"

#include <string.h>

static Trajectories d;
static Spline s;
static Rollout r;
static int ready = 0, *active, *column;
static double *dq, *dv, *source, *source_next, *jacobian, *local_metric, *local_gradient;

static int find_active(void) {
  int looks = (d.records - 1) * d.stride * d.pairs, columns = 0;
  memset(column, 0, 4 * s.size);
  for (int l = 0; l < looks; l++)
    for (int e = 0; e < 4; e++) column[s.first[r.cell[l]] + e] = 1;
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
      ti[2 * columns + e] -= pi * r.nz[l];
      tj[e] += pj * r.nx[l];
      tj[columns + e] += pj * r.ny[l];
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
    for (int k = 0; k < columns; k++) {
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
  int rows = d.records * d.components, row = d.components;
  memset(local_metric, 0, 8ul * columns * columns);
  memset(local_gradient, 0, 8ul * columns);
  for (; row < rows; row += 4) {
    int have = rows - row < 4 ? rows - row : 4;
    const double *o[4], zero = 0;
    double e[4];
    for (int k = 0; k < 4; k++) {
      o[k] = k < have ? jacobian + (long)(row + k) * columns : NULL;
      e[k] = k < have ? r.residuals[row + k] : zero;
    }
    if (have == 4) {
      const double *restrict o0 = o[0], *restrict o1 = o[1], *restrict o2 = o[2], *restrict o3 = o[3];
      for (int i = 0; i < columns; i++) {
        double s0 = o0[i], s1 = o1[i], s2 = o2[i], s3 = o3[i];
        if (s0 == 0 && s1 == 0 && s2 == 0 && s3 == 0) continue;
        local_gradient[i] += s0 * e[0] + s1 * e[1] + s2 * e[2] + s3 * e[3];
        double *restrict m = local_metric + (long)i * columns;
        for (int k = 0; k <= i; k++) m[k] += s0 * o0[k] + s1 * o1[k] + s2 * o2[k] + s3 * o3[k];
      }
    } else
      for (int w = 0; w < have; w++)
        for (int i = 0; i < columns; i++) {
          double x = o[w][i];
          if (x == 0) continue;
          local_gradient[i] += x * e[w];
          for (int k = 0; k <= i; k++) local_metric[(long)i * columns + k] += x * o[w][k];
        }
  }
}

// Sum of squares, J'residuals, J'J.
static void pass(double *out, int span) {
  double *gradient = out + 1, *metric = out + 1 + s.size;
  memset(out, 0, 8ul * (1 + s.size + s.size * s.size));
  for (int t = 0; t < d.trajectories; t++) {
    out[0] += roll(&d, &s.cells, s.curve, t, &r);
    int columns = find_active();
    propagate(columns, span);
    accumulate(columns);
    for (int i = 0; i < columns; i++) {
      gradient[active[i]] += local_gradient[i];
      for (int k = 0; k <= i; k++)
        metric[(long)active[i] * s.size + active[k]] += local_metric[(long)i * columns + k];
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
    dq = need(block);
    dv = need(block);
    source = need(block);
    source_next = need(block);
    jacobian = need(d.records * block);
    local_metric = need(8ul * s.size * s.size);
    local_gradient = need(8ul * s.size);
  }
  int size = 1 + s.size + s.size * s.size;
  Work work = {with_coarse_tangents ? "gauss-newton-coarse" : "gauss-newton", size, need(8ul * size),
               with_coarse_tangents ? coarse : exact};
  return work;
}
