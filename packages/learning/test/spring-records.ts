import type { TrajectorySet } from "@mclnn/datasets";

/** Accelerations of bodies joined pairwise by springs of stiffness 1 and rest length 1. */
function springAccelerations(
  masses: readonly number[],
  dimension: number,
  q: ArrayLike<number>,
  out: Float64Array,
): void {
  out.fill(0);
  for (let i = 0; i < masses.length; i++)
    for (let j = 0; j < i; j++) {
      let square = 0;
      for (let c = 0; c < dimension; c++)
        square += ((q[i * dimension + c] as number) - (q[j * dimension + c] as number)) ** 2;
      const r = Math.sqrt(square);
      for (let c = 0; c < dimension; c++) {
        const f =
          (-(r - 1) * ((q[i * dimension + c] as number) - (q[j * dimension + c] as number))) / r;
        const a = i * dimension + c;
        const b = j * dimension + c;
        out[a] = (out[a] as number) + f / (masses[i] as number);
        out[b] = (out[b] as number) - f / (masses[j] as number);
      }
    }
}

/**
 * Records of three bodies on springs, by plain velocity Verlet, cut into trajectories; with the exact accelerations at the records.
 * In three dimensions the motion stays in a plane.
 */
export function springRecords({
  masses = [1, 1, 1],
  dimension = 3,
  trajectories = 20,
  records = 10,
  skip = 0,
  dt = 0.01,
  stride = 10,
}: {
  masses?: readonly number[];
  dimension?: 2 | 3;
  trajectories?: number;
  records?: number;
  skip?: number;
  dt?: number;
  stride?: number;
} = {}): {
  set: TrajectorySet & { velocities: Float64Array };
  points: {
    points: number;
    particles: number;
    dimension: 2 | 3;
    masses: Float64Array;
    positions: Float64Array;
    velocities: Float64Array;
    accelerations: Float64Array;
  };
} {
  const n = 3 * dimension;
  const plane = [0.487, 0.755, -0.682, 0.294, -0.023, -0.613];
  const push = [-0.183, 0.363, -0.579, -0.748, 0.762, 0.385];
  const q = new Float64Array(n);
  const v = new Float64Array(n);
  for (let i = 0; i < 3; i++)
    for (let c = 0; c < 2; c++) {
      q[i * dimension + c] = plane[2 * i + c] as number;
      v[i * dimension + c] = push[2 * i + c] as number;
    }
  const a = new Float64Array(n);
  const kept = trajectories * records;
  const positions = new Float64Array(kept * n);
  const velocities = new Float64Array(kept * n);
  const accelerations = new Float64Array(kept * n);
  springAccelerations(masses, dimension, q, a);
  for (let record = 0; record < skip + kept; record++) {
    if (record >= skip) {
      positions.set(q, (record - skip) * n);
      velocities.set(v, (record - skip) * n);
      accelerations.set(a, (record - skip) * n);
    }
    for (let step = 0; step < stride; step++) {
      for (let k = 0; k < n; k++) {
        v[k] = (v[k] as number) + 0.5 * dt * (a[k] as number);
        q[k] = (q[k] as number) + dt * (v[k] as number);
      }
      springAccelerations(masses, dimension, q, a);
      for (let k = 0; k < n; k++) v[k] = (v[k] as number) + 0.5 * dt * (a[k] as number);
    }
  }
  return {
    set: {
      trajectories,
      records,
      particles: 3,
      dimension,
      masses: Float64Array.from(masses),
      times: Float64Array.from({ length: records }, (_, k) => k * stride * dt),
      positions,
      velocities,
      provenance: { dt },
    },
    points: {
      points: kept,
      particles: 3,
      dimension,
      masses: Float64Array.from(masses),
      positions,
      velocities,
      accelerations,
    },
  };
}
