import type { Cells, SplineBasis } from "@mclnn/models/parts";
import { isMclnnError } from "@mclnn/physics";
import { createRolloutScratch, rollPairs } from "../engine/pair-rollout.ts";
import { SensitivityPass } from "../engine/sensitivity.ts";
import { interpolatePath, lagrangePath, type PathWeights, smoothPath } from "../records/path.ts";
import type { Schedule } from "../records/schedule.ts";
import type { TrainingData } from "../records/training-data.ts";
import { moveStarts, type Starts } from "../rollout/starts.ts";

/** A trajectory that leaves so many times the median, and where so many at most do, has its start in another valley. */
const FAR_OFF = 4;
const FEW = 0.25;
/** Records that a start is first found for, and how many times more they become. */
const FIRST_RECORDS = 6;
const LONGER = 1.5;
/** Gauss-Newton steps for each number of records, the shares of one that are tried, and the gain below which they end. */
const STEPS = 8;
const FRACTIONS = [1, 0.3, 0.1];
const GAIN = 0.99;

/** Mean square residual of each trajectory. */
export function lossesOf(
  data: TrainingData,
  schedule: Schedule,
  cells: Cells,
  curve: Float64Array,
  starts: Starts,
): Float64Array {
  const scratch = createRolloutScratch(data, schedule);
  return Float64Array.from({ length: data.trajectories }, (_, t) => {
    const sum = rollPairs(data, schedule, cells, curve, starts, t, scratch, { keep: false });
    const count = data.residualCounts[t] + data.startCounts[t];
    return Number.isFinite(sum) ? sum / Math.max(1, count) : Number.POSITIVE_INFINITY;
  });
}

/** The few trajectories that lie far off while the others are followed; none where many do. */
export function straysOf(losses: Float64Array): number[] {
  const median = losses.slice().sort()[Math.floor(losses.length / 2)];
  const far = [...losses.keys()].filter((t) => losses[t] > FAR_OFF * median);
  return far.length <= FEW * losses.length ? far : [];
}

/** The start states of some trajectories. */
export function someStarts(
  { components }: TrainingData,
  { positions, velocities, velocityWeight }: Starts,
  chosen: readonly number[],
): Starts {
  const pick = (array: Float64Array): Float64Array => {
    const out = new Float64Array(chosen.length * components);
    chosen.forEach((t, k) => {
      out.set(array.subarray(t * components, (t + 1) * components), k * components);
    });
    return out;
  };
  return { positions: pick(positions), velocities: pick(velocities), velocityWeight };
}

/**
 * Start states that a law asks for, found along more and more records: over the first few a start that is only roughly right is in the right
 * valley, and each time the end is, too. Every trajectory moves by itself, and begins from several paths through its first records.
 *
 * @returns the best of those found and those given, of each trajectory; null where none is better than given
 */
export function trackStarts(
  data: TrainingData,
  schedules: (times: Float64Array) => { schedule: Schedule; tangents: Schedule },
  basis: SplineBasis,
  curve: Float64Array,
  given: Starts,
): Starts | null {
  const { trajectories, records, components } = data;
  const lengths: number[] = [];
  for (let n = FIRST_RECORDS; n < records; n = Math.ceil(n * LONGER)) lengths.push(n);
  lengths.push(records);
  const parts = lengths.map((length) => {
    const own = firstRecords(data, length);
    const { schedule, tangents } = schedules(own.times);
    const pass = new SensitivityPass(own, schedule, basis, { freeStarts: true, tangents });
    return { data: own, schedule, pass };
  });
  const { schedule: whole } = parts.at(-1) as (typeof parts)[number];
  const best = {
    ...given,
    positions: given.positions.slice(),
    velocities: given.velocities.slice(),
  };
  const losses = lossesOf(data, whole, basis.cells, curve, given);
  let found = false;
  for (const path of paths(data.times, whole)) {
    let starts = alongPath(data, whole, path, given);
    try {
      for (const part of parts)
        starts = eachMoved(part.data, part.schedule, part.pass, basis.cells, curve, starts);
    } catch (error) {
      // Too little was observed, or the law throws particles out of all bounds: such a start stays.
      if (!isMclnnError(error) || error.code !== "start-not-determined") throw error;
      continue;
    }
    const own = lossesOf(data, whole, basis.cells, curve, starts);
    for (let t = 0; t < trajectories; t++) {
      if (!(own[t] < losses[t])) continue;
      found = true;
      losses[t] = own[t];
      const [from, to] = [t * components, (t + 1) * components];
      best.positions.set(starts.positions.subarray(from, to), from);
      best.velocities.set(starts.velocities.subarray(from, to), from);
    }
  }
  return found ? best : null;
}

/** Gauss-Newton on start states under a law that stays; what does not gain from a step goes a part of it, or stays. */
function eachMoved(
  data: TrainingData,
  schedule: Schedule,
  pass: SensitivityPass,
  cells: Cells,
  curve: Float64Array,
  from: Starts,
): Starts {
  const { components } = data;
  const still = new Float64Array(pass.size);
  let starts = from;
  let losses = lossesOf(data, schedule, cells, curve, starts);
  const moving = new Set(losses.keys());
  for (let step = 0; step < STEPS && moving.size > 0; step++) {
    // Rollouts that left all bounds have no derivatives to go by.
    if (!losses.every(Number.isFinite)) break;
    const { eliminations } = pass.normalEquations(curve, { starts });
    const next = {
      ...starts,
      positions: starts.positions.slice(),
      velocities: starts.velocities.slice(),
    };
    const gained = new Float64Array(losses);
    for (const fraction of FRACTIONS) {
      const trial = moveStarts(data, starts, eliminations, still, fraction);
      const own = lossesOf(data, schedule, cells, curve, trial);
      for (const t of moving) {
        if (!(own[t] < gained[t])) continue;
        gained[t] = own[t];
        const [a, b] = [t * components, (t + 1) * components];
        next.positions.set(trial.positions.subarray(a, b), a);
        next.velocities.set(trial.velocities.subarray(a, b), a);
      }
    }
    for (const t of moving) if (!(gained[t] < GAIN * losses[t])) moving.delete(t);
    losses = gained;
    starts = next;
  }
  return starts;
}

/** Paths through the first records, smooth ones first. */
function paths(times: Float64Array, schedule: Schedule): PathWeights[] {
  const records = times.length;
  const smooth = (
    [
      [3, 7],
      [3, 5],
      [2, 5],
      [4, 11],
    ] as const
  ).filter(([, window]) => window <= records);
  return [
    ...smooth.map(([degree, window]) => smoothPath(times, schedule, degree, window)),
    lagrangePath(times, schedule, Math.min(3, records - 1)),
  ];
}

/** Start states on a path. */
function alongPath(
  data: TrainingData,
  schedule: Schedule,
  path: PathWeights,
  { velocityWeight }: Starts,
): Starts {
  const { trajectories, components } = data;
  const positions = new Float64Array(trajectories * components);
  const velocities = new Float64Array(trajectories * components);
  const line = new Float64Array(schedule.events * components);
  let next = 1;
  while (schedule.time[next] <= schedule.time[0]) next++;
  const h = schedule.time[next] - schedule.time[0];
  for (let t = 0; t < trajectories; t++) {
    interpolatePath(data, path, t, line);
    for (let c = 0; c < components; c++) {
      const x = line[c];
      positions[t * components + c] = x;
      velocities[t * components + c] = (line[next * components + c] - x) / h;
    }
  }
  return { positions, velocities, velocityWeight };
}

/** The first records of every trajectory, as trajectories of their own. */
function firstRecords(data: TrainingData, length: number): TrainingData {
  const { trajectories, records, particles, components, dimension, positions, weights } = data;
  if (length === records) return data;
  const cut = (array: Float64Array, size: number): Float64Array => {
    const out = new Float64Array(trajectories * length * size);
    for (let t = 0; t < trajectories; t++)
      out.set(array.subarray(t * records * size, (t * records + length) * size), t * length * size);
    return out;
  };
  const own = weights === null ? null : cut(weights, particles);
  const residualCounts = Int32Array.from({ length: trajectories }, (_, t) => {
    let count = 0;
    for (let k = particles; k < length * particles; k++)
      if (own === null || own[t * length * particles + k] > 0) count += dimension;
    return count;
  });
  return {
    ...data,
    records: length,
    times: data.times.slice(0, length),
    positions: cut(positions, components),
    velocities: data.velocities === null ? null : cut(data.velocities, components),
    weights: own,
    residualCounts,
    residuals: residualCounts.reduce((sum, n) => sum + n, 0),
  };
}
