// Rollout loss of the pair network through a table of V', and its gradient: forwards, discrete adjoint, back to the weights.
#include "problem.h"

#include <math.h>
#include <string.h>

enum { MOST = 64 };

static Trajectories d;
static Cells cells;
static Rollout r;
static double *weights, *curve, *curve_gradient, *of_chunk, *of_all, *edges, *values, *derivatives, *value_gradient, *derivative_gradient;
static int width, size;

// Hidden layers of one width, squareplus: V, V', V'' at r, and what the way back needs.
typedef struct {
  double energy, slope, bend;
  double h1[MOST], u1[MOST], c1[MOST], h2[MOST], u2[MOST], c2[MOST];
  double s1[2][MOST], s2[2][MOST], s3[2][MOST], zu[2][MOST], zc[2][MOST];
} Network;

static Network net;

static inline void bend(int layer, int k, double z, double dz, double ddz, double *h, double *u, double *c) {
  double root = sqrt(z * z + 4), inverse = 1 / root, cube = inverse * inverse * inverse;
  double d1 = 0.5 * (1 + z * inverse), d2 = 2 * cube;
  net.zu[layer][k] = dz;
  net.zc[layer][k] = ddz;
  net.s1[layer][k] = d1;
  net.s2[layer][k] = d2;
  net.s3[layer][k] = -6 * z * cube * inverse * inverse;
  h[k] = 0.5 * (z + root);
  u[k] = d1 * dz;
  c[k] = d2 * dz * dz + d1 * ddz;
}

static void forward(const double *w, double x) {
  const double *b1 = w + width, *w2 = b1 + width, *b2 = w2 + width * width, *w3 = b2 + width, *b3 = w3 + width;
  for (int k = 0; k < width; k++) bend(0, k, b1[k] + w[k] * x, w[k], 0, net.h1, net.u1, net.c1);
  for (int k = 0; k < width; k++) {
    double z = b2[k], dz = 0, ddz = 0;
    const double *row = w2 + k * width;
    for (int j = 0; j < width; j++) {
      z += row[j] * net.h1[j];
      dz += row[j] * net.u1[j];
      ddz += row[j] * net.c1[j];
    }
    bend(1, k, z, dz, ddz, net.h2, net.u2, net.c2);
  }
  double z = b3[0], dz = 0, ddz = 0;
  for (int j = 0; j < width; j++) {
    z += w3[j] * net.h2[j];
    dz += w3[j] * net.u2[j];
    ddz += w3[j] * net.c2[j];
  }
  net.energy = z;
  net.slope = dz;
  net.bend = ddz;
}

// Adds d(b V' + c V'')/dweights.
static void backward(const double *w, double x, double b, double c, double *out) {
  const double *w2 = w + 2 * width, *w3 = w2 + width * width + width;
  double *o1 = out, *ob1 = out + width, *o2 = out + 2 * width, *ob2 = o2 + width * width, *o3 = ob2 + width;
  double ah[MOST] = {0}, au[MOST] = {0}, ac[MOST] = {0};
  for (int k = 0; k < width; k++) {
    o3[k] += b * net.u2[k] + c * net.c2[k];
    double tu = b * w3[k], tc = c * w3[k], zu = net.zu[1][k], s1 = net.s1[1][k], s2 = net.s2[1][k];
    double az = tu * s2 * zu + tc * (net.s3[1][k] * zu * zu + s2 * net.zc[1][k]);
    double azu = tu * s1 + tc * 2 * s2 * zu, azc = tc * s1;
    ob2[k] += az;
    const double *row = w2 + k * width;
    double *to = o2 + k * width;
    for (int j = 0; j < width; j++) {
      to[j] += az * net.h1[j] + azu * net.u1[j] + azc * net.c1[j];
      ah[j] += az * row[j];
      au[j] += azu * row[j];
      ac[j] += azc * row[j];
    }
  }
  for (int k = 0; k < width; k++) {
    double zu = net.zu[0][k], s1 = net.s1[0][k], s2 = net.s2[0][k];
    double az = ah[k] * s1 + au[k] * s2 * zu + ac[k] * (net.s3[0][k] * zu * zu + s2 * net.zc[0][k]);
    double azu = au[k] * s1 + ac[k] * 2 * s2 * zu;
    ob1[k] += az;
    o1[k] += az * x + azu;
  }
}

// Cubic Hermite on the cells; the outermost ones are straight lines from their inner edges.
static void tabulate(void) {
  int n = cells.count;
  for (int k = 0; k <= n; k++) {
    forward(weights, edges[k]);
    values[k] = net.slope;
    derivatives[k] = net.bend;
  }
  for (int k = 0; k < n; k++) {
    double w = 1 / cells.inverse_widths[k], a = values[k], b = values[k + 1];
    double p = derivatives[k] * w, q = derivatives[k + 1] * w, *o = curve + 4 * k;
    int low = k == 0, line = low || k == n - 1;
    o[0] = low ? b - q : a;
    o[1] = low ? q : p;
    o[2] = line ? 0 : 3 * (b - a) - 2 * p - q;
    o[3] = line ? 0 : 2 * (a - b) + p + q;
  }
}

static void reverse(double weight) {
  double lq[3 * MOST] = {0}, lv[3 * MOST] = {0};
  int n = d.components, steps = (d.records - 1) * d.stride;
  for (int step = steps; step >= 0; step--) {
    if (step < steps) {
      double kick = step == 0 ? 0.5 * d.dt : d.dt;
      for (int p = 0; p < d.pairs; p++) {
        int i = d.pair_i[p], j = d.pair_j[p], l = step * d.pairs + p;
        double si = kick * d.scale_i[p], sj = kick * d.scale_j[p];
        double x = si * lv[i] - sj * lv[j], y = si * lv[i + 1] - sj * lv[j + 1], z = si * lv[i + 2] - sj * lv[j + 2];
        double nx = r.nx[l], ny = r.ny[l], nz = r.nz[l], transverse = r.transverse[l], t = r.t[l];
        double s = nx * x + ny * y + nz * z, st = s * t, stt = st * t, *g = curve_gradient + 4 * r.cell[l];
        g[0] -= s;
        g[1] -= st;
        g[2] -= stt;
        g[3] -= stt * t;
        double radial = s * (r.radial[l] - transverse);
        double gx = radial * nx + transverse * x, gy = radial * ny + transverse * y, gz = radial * nz + transverse * z;
        lq[i] -= gx;
        lq[i + 1] -= gy;
        lq[i + 2] -= gz;
        lq[j] += gx;
        lq[j + 1] += gy;
        lq[j + 2] += gz;
      }
    }
    if (step > 0) {
      if (step % d.stride == 0)
        for (int c = 0; c < n; c++) lq[c] += weight * r.residuals[(step / d.stride) * n + c];
      for (int c = 0; c < n; c++) lv[c] += d.dt * lq[c];
    }
  }
}

static void to_weights(double *gradient) {
  int n = cells.count;
  memset(value_gradient, 0, 8ul * (n + 1));
  memset(derivative_gradient, 0, 8ul * (n + 1));
  for (int k = 0; k < n; k++) {
    double w = 1 / cells.inverse_widths[k], *g = curve_gradient + 4 * k;
    if (k == 0) {
      value_gradient[1] += g[0];
      derivative_gradient[1] += w * (g[1] - g[0]);
    } else if (k == n - 1) {
      value_gradient[k] += g[0];
      derivative_gradient[k] += w * g[1];
    } else {
      value_gradient[k] += g[0] - 3 * g[2] + 2 * g[3];
      value_gradient[k + 1] += 3 * g[2] - 2 * g[3];
      derivative_gradient[k] += w * (g[1] - 2 * g[2] + g[3]);
      derivative_gradient[k + 1] += w * (g[3] - g[2]);
    }
  }
  for (int k = 0; k <= n; k++) {
    if (value_gradient[k] == 0 && derivative_gradient[k] == 0) continue;
    forward(weights, edges[k]);
    backward(weights, edges[k], value_gradient[k], derivative_gradient[k], gradient);
  }
}

// Loss, gradient.
static void run(double *out) {
  memset(out, 0, 8ul * (1 + size));
  memset(of_all, 0, 32ul * cells.count);
  tabulate();
  double sum = 0, chunk_sum = 0;
  // Trajectories are added up in chunks, and the chunks in their order.
  for (int t = 0; t < d.trajectories; t++) {
    if (t % d.chunk == 0) {
      chunk_sum = 0;
      memset(of_chunk, 0, 32ul * cells.count);
    }
    memset(curve_gradient, 0, 32ul * cells.count);
    chunk_sum += roll(&d, &cells, curve, t, &r);
    reverse(2.0 / d.residuals);
    for (int k = 0; k < 4 * cells.count; k++) of_chunk[k] += curve_gradient[k];
    if ((t + 1) % d.chunk != 0 && t + 1 != d.trajectories) continue;
    sum += chunk_sum;
    for (int k = 0; k < 4 * cells.count; k++) of_all[k] += of_chunk[k];
  }
  memcpy(curve_gradient, of_all, 32ul * cells.count);
  out[0] = sum / d.residuals;
  to_weights(out + 1);
}

Work adjoint_work(void) {
  d = read_trajectories();
  cells = read_cells("table");
  r = new_rollout(&d);
  weights = doubles("pair-weights", &size);
  // width^2 + 4 width + 1 weights
  for (width = 1; width * width + 4 * width + 1 < size; width++) continue;
  int n = cells.count;
  curve = need(32ul * n);
  curve_gradient = need(32ul * n);
  of_chunk = need(32ul * n);
  of_all = need(32ul * n);
  edges = need(8ul * (n + 1));
  memcpy(edges, cells.left, 8ul * n);
  edges[n] = cells.end;
  values = need(8ul * (n + 1));
  derivatives = need(8ul * (n + 1));
  value_gradient = need(8ul * (n + 1));
  derivative_gradient = need(8ul * (n + 1));
  Work work = {"adjoint-gradient", 1 + size, need(8ul * (1 + size)), run};
  return work;
}
