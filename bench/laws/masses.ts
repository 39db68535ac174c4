import {
  addPositionNoise,
  createRandom,
  dropVelocities,
  generateTrajectories,
  type TrajectorySet,
} from "@mclnn/datasets";
import { dormandPrince } from "@mclnn/integrators";
import { train } from "@mclnn/learning";
import { createState, createSystem, gravity, type ParticleSystem, pairwise } from "@mclnn/physics";
import { failedOutcome } from "./cell.ts";
import { follow } from "./reference-data.ts";

/** One draw of noise on a small planetary system of which only the star's mass is told. */
export interface MassTask {
  readonly velocities: "given" | "unknown";
  /** Time between two records. */
  readonly spacing: number;
  /** Standard deviation of positions, and of velocities by their root mean square. */
  readonly noise: number;
  readonly seed: number;
}

/** What became of one mass. */
export interface MassOutcome {
  readonly mass: number;
  /** |found / true - 1|; null where it was said not to be determined. */
  readonly error: number | null;
  /** Relative, as told. */
  readonly deviation: number;
  /** Relative standard deviation that no unbiased estimate can be below, law and noise known. */
  readonly bound: number;
}

export interface MassResult {
  readonly task: MassTask;
  readonly masses?: readonly MassOutcome[];
  readonly failed?: string;
}

/** The star, and three bodies whose masses span two decades with it. */
export const MASSES = [1, 0.03, 0.3, 0.01] as const;
export const MASS_TRAJECTORIES = 40;
export const MASS_NOISE = 1e-3;
export const MASS_SPACINGS = [0.1, 0.3] as const;
export const MASS_SEEDS = 4;
const RECORDS = 20;
const SUBSTEPS = 10;
const DIMENSION = 3;
const SIZE = DIMENSION * MASSES.length;
/** Of central differences. */
const STEP = 1e-4;

const systemOf = (masses: readonly number[]): ParticleSystem =>
  createSystem({ masses: [...masses], dimension: DIMENSION, potential: pairwise(gravity()) });

/** Segments of one run; velocities are exact. */
function massTrajectories(spacing: number, trajectories: number): TrajectorySet {
  const start = createState(
    {
      positions: [
        [0, 0, 0],
        [1, 0, 0],
        [0, 2.5, 0.2],
        [-4, 0, 0.3],
      ],
      velocities: [
        [0, 0, 0],
        [0, 1, 0.1],
        [-0.65, 0, 0],
        [0, -0.55, 0],
      ],
    },
    { dimension: DIMENSION },
  );
  return generateTrajectories({
    system: systemOf(MASSES),
    start,
    trajectories,
    records: RECORDS,
    dt: spacing / SUBSTEPS,
    stride: SUBSTEPS,
    integrator: dormandPrince({ relativeTolerance: 1e-12, absoluteTolerance: 1e-13 }),
  });
}

/**
 * Cramer-Rao bound: relative standard deviations of the masses but the first from noisy positions (and velocities of the first record, where
 * given), start states unknown, the law known. Derivatives are central differences of reference runs.
 */
function massBounds(
  set: TrajectorySet,
  spacing: number,
  { noise, velocities }: Pick<MassTask, "noise" | "velocities">,
): number[] {
  const count = MASSES.length - 1;
  const total = Array.from({ length: count }, () => new Array<number>(count).fill(0));
  const speed = rms(set.velocities as Float64Array);
  for (let t = 0; t < set.trajectories; t++) {
    const at = t * RECORDS * SIZE;
    const state = [
      ...set.positions.subarray(at, at + SIZE),
      ...(set.velocities as Float64Array).subarray(at, at + SIZE),
      ...MASSES.slice(1),
    ];
    const run = (values: readonly number[]): Float64Array =>
      follow(
        systemOf([MASSES[0], ...values.slice(2 * SIZE)]),
        {
          time: 0,
          positions: Float64Array.from(values.slice(0, SIZE)),
          velocities: Float64Array.from(values.slice(SIZE, 2 * SIZE)),
        },
        { time: spacing * (RECORDS - 1), records: RECORDS },
      ).positions;
    const columns = state.map((value, k) => {
      const step = k < 2 * SIZE ? STEP : STEP * value;
      const [up, down] = [run(state.with(k, value + step)), run(state.with(k, value - step))];
      return up.map((x, i) => (x - down[i]) / (2 * STEP * noise));
    });
    const information = columns.map((a) =>
      columns.map((b) => a.reduce((sum, x, i) => sum + x * b[i], 0)),
    );
    if (velocities === "given")
      for (let k = SIZE; k < 2 * SIZE; k++) information[k][k] += 1 / (noise * speed) ** 2;
    eliminate(information, 2 * SIZE);
    for (let i = 0; i < count; i++)
      for (let k = 0; k < count; k++) total[i][k] += information[2 * SIZE + i][2 * SIZE + k];
  }
  return total.map((_, i) => {
    // Of mass i alone: all others eliminated.
    const order = [...total.keys()].filter((k) => k !== i).concat(i);
    const matrix = order.map((a) => order.map((b) => total[a][b]));
    eliminate(matrix, count - 1);
    return 1 / Math.sqrt(matrix[count - 1][count - 1]);
  });
}

/** Schur complement in place: what is left of the rows and columns from `n` on when those before are free. */
function eliminate(matrix: number[][], n: number): void {
  for (let k = 0; k < n; k++)
    for (const row of matrix.slice(k + 1)) {
      const factor = row[k] / matrix[k][k];
      for (let j = k + 1; j < row.length; j++) row[j] -= factor * matrix[k][j];
    }
}

/** Bounds are the same for all draws. */
const known = new Map<string, number[]>();

/** Hides the masses, adds noise, trains, and looks what was found. */
export async function runMasses(task: MassTask): Promise<MassResult> {
  const { velocities, spacing, noise, seed } = task;
  const clean = massTrajectories(spacing, MASS_TRAJECTORIES);
  const key = `${velocities} ${spacing} ${noise}`;
  const bounds = known.get(key) ?? massBounds(clean, spacing, task);
  known.set(key, bounds);
  try {
    const { masses } = await train(
      { ...watched(clean, task), masses: new Float64Array(MASSES.length).fill(1), provenance: {} },
      { model: "spline", coupling: "mass-product", fitMasses: true, seed },
    );
    return {
      task,
      masses: (masses ?? []).slice(1).map(({ mass, deviation, determined }, i) => ({
        mass: MASSES[i + 1] as number,
        error: determined ? Math.abs(mass / (MASSES[i + 1] as number) - 1) : null,
        deviation,
        bound: bounds[i],
      })),
    };
  } catch (error) {
    const { failed } = failedOutcome(error, 0);
    return {
      task,
      failed: `${failed.code}: ${failed.message} (noise ${noise}, velocities ${velocities}, seed ${seed})`,
    };
  }
}

function watched(clean: TrajectorySet, { velocities, noise, seed }: MassTask): TrajectorySet {
  const noisy = addPositionNoise(clean, { sigma: noise, seed });
  if (velocities === "unknown") return dropVelocities(noisy);
  const speeds = clean.velocities as Float64Array;
  const random = createRandom(seed + 1000);
  const sigma = noise * rms(speeds);
  return { ...noisy, velocities: speeds.map((v) => v + sigma * random.normal()) };
}

const rms = (values: Float64Array): number =>
  Math.sqrt(values.reduce((sum, x) => sum + x * x, 0) / values.length);
