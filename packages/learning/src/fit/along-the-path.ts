import type { NormalEquations } from "../engine/sensitivity.ts";
import { lawScale } from "../prior/law-scale.ts";
import {
  hermitePath,
  interpolatePath,
  lagrangePath,
  type PathWeights,
  smoothPath,
} from "../records/path.ts";
import type { Schedule } from "../records/schedule.ts";
import type { TrainingData } from "../records/training-data.ts";
import { givenStarts, type Starts } from "../rollout/starts.ts";
import { solveWithPrior } from "./least-squares.ts";
import type { Rolled } from "./problems.ts";

/** What paths are made from: the records' times, and the velocities where the path is to go through them. */
type Recorded = Pick<TrainingData, "times" | "velocities">;

/** Degrees of polynomials through records, best first; through positions and velocities so many records do, of degree 2 n - 1. */
const DEGREES = [9, 7, 5, 3, 2];
const POINTS = [5, 4, 3, 2];

/** Paths through exact records, from the most accurate to the most cautious. @param through - go through velocities as well */
export function exactPaths(
  { times, velocities }: Recorded,
  schedule: Schedule,
  through: boolean,
): PathWeights[] {
  const records = times.length;
  const degrees = DEGREES.filter((degree) => degree < records);
  const points = through && velocities !== null ? POINTS.filter((n) => n <= records) : [];
  return [
    ...points.map((n) => hermitePath(times, schedule, n)),
    ...(degrees.length > 0 ? degrees : [1]).map((degree) => lagrangePath(times, schedule, degree)),
  ];
}

/** The most accurate path through exact records, of fewer degrees where these are few. */
export function exactPath(
  { times, velocities }: Recorded,
  schedule: Schedule,
  through: boolean,
): PathWeights {
  return through && velocities !== null
    ? hermitePath(times, schedule, POINTS[0])
    : lagrangePath(times, schedule, DEGREES[0]);
}

/** Degree and window of local polynomials along noisy records: for laws, where the smoothest that may do come first, and for starts, near the first record. */
export const SMOOTH = {
  law: [
    [3, 7],
    [3, 11],
    [4, 13],
    [5, 17],
    [3, 5],
  ],
  start: [
    [3, 7],
    [3, 5],
    [2, 5],
    [4, 11],
  ],
} as const;

/** Paths along noisy records. */
export function smoothPaths(
  times: Float64Array,
  schedule: Schedule,
  windows: readonly (readonly [number, number])[],
): PathWeights[] {
  return windows
    .filter(([, window]) => window <= times.length)
    .map(([degree, window]) => smoothPath(times, schedule, degree, window));
}

/** The cubic through neighbouring records, or as much of it as these allow. */
export const cubicPath = (times: Float64Array, schedule: Schedule): PathWeights =>
  lagrangePath(times, schedule, Math.min(3, times.length - 1));

/** The one path through records of which no more is known: by velocities where there are any, smooth where records are many enough. */
export function recordedPath({ times, velocities }: Recorded, schedule: Schedule): PathWeights {
  if (velocities !== null) return hermitePath(times, schedule, Math.min(4, times.length));
  const [smooth] = smoothPaths(times, schedule, SMOOTH.law.slice(0, 1));
  return smooth ?? lagrangePath(times, schedule, times.length - 1);
}

/** Paths along noisy records, and through them. @param through - go through velocities as well */
export function noisyPaths(
  { times, velocities }: Recorded,
  schedule: Schedule,
  through: boolean,
): PathWeights[] {
  const records = times.length;
  return [
    ...smoothPaths(times, schedule, SMOOTH.law),
    ...(through && velocities !== null
      ? [4, 3, 2].filter((n) => n <= records).map((n) => hermitePath(times, schedule, n))
      : [...new Set([Math.min(3, records - 1), Math.min(9, records - 1)])].map((degree) =>
          lagrangePath(times, schedule, degree),
        )),
  ];
}

/** Start states on a path: its first position, and the velocity there, or the given one where that is a measurement. */
export function startsOnPath(
  data: TrainingData,
  schedule: Schedule,
  path: PathWeights,
  velocityWeight: number | null,
): Starts {
  const { trajectories, components } = data;
  const { positions, velocities } = givenStarts(data);
  const out = { positions, velocities: velocities.slice(), velocityWeight };
  const line = new Float64Array(schedule.events * components);
  let next = 1;
  while (schedule.time[next] <= schedule.time[0]) next++;
  const h = schedule.time[next] - schedule.time[0];
  for (let t = 0; t < trajectories; t++) {
    interpolatePath(data, path, t, line);
    for (let c = 0; c < components; c++) {
      const o = t * components + c;
      out.positions[o] = line[c];
      if (velocityWeight === 0) out.velocities[o] = (line[next * components + c] - line[c]) / h;
    }
  }
  return out;
}

/**
 * Normal equations of the fit along a path (Picard's first iteration): forces are looked up along the observed path, so that rolled out
 * positions are linear in the unknowns.
 *
 * @param along - the path through the records, at the events of the tangents
 * @param every - use every n-th trajectory
 */
export function pathEquations(
  { basis, pass }: Pick<Rolled, "basis" | "pass">,
  { along, every = 1, starts }: { along: PathWeights; every?: number; starts?: Starts },
): NormalEquations {
  const { uniform } = pass.tangents;
  return pass.normalEquations(new Float64Array(4 * basis.cells.count), {
    along,
    every,
    ...(starts === undefined
      ? { tangentStep: uniform === null ? 1 : largestDivisor(uniform.stride, 10) }
      : { starts }),
  });
}

/** One least-squares solve for the unknowns. @param prior - relative weight of the roughness prior */
export function fitAlongPath(
  { basis }: Pick<Rolled, "basis">,
  equations: NormalEquations,
  roughness: Float64Array,
  prior: number,
): Float64Array | null {
  return solveWithPrior(equations, roughness, prior * lawScale(equations, basis), null);
}

function largestDivisor(n: number, atMost: number): number {
  for (let d = Math.min(atMost, n); d > 1; d--) if (n % d === 0) return d;
  return 1;
}
