// What the bench has written into its folder, and answers to it.
#ifndef PROBLEM_H
#define PROBLEM_H

typedef struct {
  int trajectories, records, components, pairs, stride, residuals, chunk;
  double dt;
  double *positions, *start_velocities, *scale_i, *scale_j;
  int *pair_i, *pair_j;
} Trajectories;

// A partition of the separations; on each cell a cubic in t = (r - left) * inverse_width.
typedef struct {
  int count, bins;
  double *left, *inverse_widths, end, bins_per_length;
  int *index;
} Cells;

typedef struct {
  int size, tangent_step;
  Cells cells;
  double *curve, *polynomials;
  int *first;
} Spline;

double size_of(const char *name);
double *doubles(const char *name, int *count);
int *integers(const char *name, int *count);
Trajectories read_trajectories(void);
Cells read_cells(const char *name);
Spline read_spline(void);
void *need(unsigned long bytes);

// A piece of work: writes its result, returns how many numbers it is.
typedef struct {
  const char *name;
  int result_size;
  double *result;
  void (*run)(double *result);
} Work;

Work gauss_newton_work(int coarse);
Work adjoint_work(void);
Work network_work(void);

// Rollout of one trajectory, as one_trajectory.c keeps it.
typedef struct {
  double *q, *v, *a, *residuals;
  int *cell;
  double *nx, *ny, *nz, *transverse, *radial, *t;
} Rollout;

Rollout new_rollout(const Trajectories *d);
double roll(const Trajectories *d, const Cells *cells, const double *curve, int trajectory, Rollout *s);

#endif
