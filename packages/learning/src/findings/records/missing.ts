import type { TrajectorySet } from "@mclnn/datasets";
import { residualMaker } from "../../records/local-polynomial.ts";
import { isObserved, named, type RecordCheck, without } from "./check.ts";

/** Records on either side of an interval that a polynomial goes through, and its degree. */
const SIDE = 3;
const DEGREE = 3;
/** A jump in time is a whole number of spacings but for this much, known this well, and so many standard errors from none. */
const WHOLE = 0.2;
const KNOWN = 0.1;
const SURE = 8;
/** Intervals that are looked at again after one is found, at most. */
const ROUNDS = 40;
/** Components that an interval is judged by at least. */
const LEAST = 4;

/**
 * Records that are missing while their times were counted on: all particles have moved on by a whole number of spacings more. Found by the time by which
 * positions on the one side of an interval lie later on the path than those on the other. Where all trajectories jump, times are put right; where only
 * one does, its shorter part is left out.
 */
export const missing: RecordCheck = (set) => {
  const { trajectories, records, particles, times } = set;
  if (records < 2 * SIDE) return null;
  const places: string[] = [];
  let now = set;
  for (let round = 0; round < ROUNDS; round++) {
    const jump = mostCertain(
      intervalsOf(records).map((k) => jumpAfter(now, k, allOf(trajectories))),
    );
    if (jump === null) break;
    const later = jump.steps * spacingOf(times);
    now = { ...now, times: now.times.map((x, k) => (k > jump.after ? x + later : x)) };
    places.push(`${inWords(jump.steps)} between records ${jump.after} and ${jump.after + 1}`);
  }
  if (trajectories > 1) {
    const cut: number[] = [];
    for (let t = 0; t < trajectories; t++) {
      const jump = mostCertain(intervalsOf(records).map((k) => jumpAfter(now, k, [t])));
      if (jump === null) continue;
      places.push(`${inWords(jump.steps)} after record ${jump.after} of trajectory ${t}`);
      const half = (records - 1) / 2;
      const [from, to] =
        jump.after >= half || set.velocities !== undefined
          ? [jump.after + 1, records]
          : [0, jump.after + 1];
      for (let k = from; k < to; k++)
        for (let i = 0; i < particles; i++) cut.push((t * records + k) * particles + i);
    }
    if (cut.length > 0) now = without(now, cut);
  }
  if (places.length === 0) return null;
  return {
    mended: now,
    finding: {
      kind: "missing-records",
      text: `records are missing while times go on as if they were there: ${named(places)}, counted from 0; all particles are ahead from there on`,
      sigmas: places.length,
      share: null,
      try: "Correct the times. The law was learned with times put right, or without the part of a trajectory beyond the gap.",
    },
  };
};

const inWords = (steps: number): string => (steps === 1 ? "one" : `${steps}`);
const allOf = (count: number): number[] => Array.from({ length: count }, (_, t) => t);
const intervalsOf = (records: number): number[] =>
  allOf(records - 2 * SIDE + 1).map((k) => k + SIDE - 1);

/** The usual time between records. */
function spacingOf(times: Float64Array): number {
  const apart = Float64Array.from({ length: times.length - 1 }, (_, k) => times[k + 1] - times[k]);
  return apart.sort()[Math.floor(apart.length / 2)];
}

interface Jump {
  readonly after: number;
  readonly steps: number;
  readonly certainty: number;
}

const mostCertain = (jumps: readonly (Jump | null)[]): Jump | null =>
  jumps.reduce((a, b) => (a === null || (b !== null && b.certainty > a.certainty) ? b : a), null);

/** The whole number of spacings by which positions after record k are ahead; null where they are not. */
function jumpAfter(set: TrajectorySet, k: number, chosen: readonly number[]): Jump | null {
  const { records, particles, dimension, times, positions } = set;
  const first = k - SIDE + 1;
  const window = 2 * SIDE;
  const hat = residualMaker(times.subarray(first, first + window), DEGREE);
  if (hat === null) return null;
  const size = particles * dimension;
  const step = (times[k] - times[first]) * 2;
  const behind = (times[first + window - 1] - times[k + 1]) * 2;
  // Ahead by a time, positions after the interval lie a velocity times that time further on: what a polynomial leaves of such a step.
  const left = new Float64Array(window);
  for (let a = 0; a < window; a++)
    for (let b = SIDE; b < window; b++) left[a] += hat[a * window + b];
  const stepSquare = left.reduce((sum, x) => sum + x * x, 0);
  let [ww, we, ee, count] = [0, 0, 0, 0];
  for (const t of chosen)
    for (let i = 0; i < particles; i++) {
      const frame = (t * records + first) * particles + i;
      let seen = true;
      for (let a = 0; a < window; a++) seen &&= isObserved(set, frame + a * particles);
      if (!seen) continue;
      for (let o = frame * dimension; o < (frame + 1) * dimension; o++) {
        const x = (a: number): number => positions[o + a * size];
        const velocity = (x(SIDE - 1) - x(0)) / step + (x(window - 1) - x(SIDE)) / behind;
        let along = 0;
        let square = 0;
        for (let a = 0; a < window; a++) {
          let e = 0;
          for (let b = 0; b < window; b++) e += hat[a * window + b] * x(b);
          along += e * left[a];
          square += e * e;
        }
        ww += velocity * velocity * stepSquare;
        we += velocity * along;
        ee += square;
        count++;
      }
    }
  if (count < LEAST || !(ww > 0)) return null;
  const ahead = we / ww;
  const freedom = count * (window - DEGREE - 1) - 1;
  const error = Math.sqrt(Math.max(0, ee - ahead * we) / freedom / ww);
  const spacing = spacingOf(times);
  const steps = Math.round(ahead / spacing);
  const sharp = Math.abs(ahead / spacing - steps) < WHOLE && error < KNOWN * spacing;
  return steps >= 1 && sharp && ahead > SURE * error
    ? { after: k, steps, certainty: ahead / error }
    : null;
}
