import { allEncounters, type Encounter } from "./encounters.ts";
import { residualMaker } from "./local-polynomial.ts";
import { localVariance } from "./scatter.ts";
import { isEven } from "./segments.ts";
import { windowsOf } from "./select.ts";
import type { TrainingData } from "./training-data.ts";

/** Degree and records of the polynomials that have to follow the records. */
const [DEGREE, WINDOW] = [4, 7];
/** Times the noise variance that polynomials leave of a window in which more happens than records show. */
const UNRESOLVED = 8;
/** Longer windows say more of the law, but are fewer: they have to hold this share of the records that the shortest do. */
const ENOUGH = 0.5;

/** Stretches of records between which nothing happens that they do not show. */
export interface ResolvedWindows {
  /** Each as a trajectory of its own: the longest that there are enough of, half as long ones, and so on. */
  readonly lengths: readonly TrainingData[];
  /** Share of the places in the records at which something does, and where the first of them is. */
  readonly left: number;
  readonly first: { readonly trajectory: number; readonly record: number };
}

/**
 * The stretches of trajectories that local polynomials follow as closely as most: between them particles pass each other closer than records show. Null where
 * that happens nowhere, or all over, or records are not evenly spaced.
 */
export function resolvedWindows(data: TrainingData): ResolvedWindows | null {
  const { trajectories, records } = data;
  if (data.weights !== null || records < WINDOW || !isEven(data.times)) return null;
  const met = allEncounters(data);
  if (met.length === 0) return null;
  const starts = records - WINDOW + 1;
  const isCalm = calmWindows(data, starts, met);
  const unresolved = isCalm.indexOf(0);
  const windows = (length: number) => windowsOfLength(isCalm, trajectories, starts, length);
  const least = ENOUGH * windows(WINDOW).length * WINDOW;
  if (unresolved < 0 || least === 0) return null;
  let longest = WINDOW;
  while (longest < records && windows(longest + 1).length * (longest + 1) >= least) longest++;
  const lengths: number[] = [];
  for (let length = longest; length > WINDOW; length = Math.ceil(length / 2)) lengths.push(length);
  return {
    lengths: [...lengths.filter((length) => length > WINDOW), WINDOW].map((length) =>
      windowsOf(
        data,
        windows(length).map(({ trajectory, record }) => trajectory * records + record),
        length,
      ),
    ),
    left: isCalm.filter((calm) => calm === 0).length / isCalm.length,
    first: {
      trajectory: Math.floor(unresolved / starts),
      record: (unresolved % starts) + (WINDOW - 1) / 2,
    },
  };
}

/** Whether polynomials follow the window that begins at a record, and no particles pass each other in it. [trajectories x starts] */
function calmWindows(data: TrainingData, starts: number, met: readonly Encounter[]): Uint8Array {
  const { trajectories, records, components, dimension, times, positions, particles } = data;
  const hat = residualMaker(times.subarray(0, WINDOW), DEGREE);
  const out = new Uint8Array(trajectories * starts);
  if (hat === null) return out;
  const freedom = (WINDOW - DEGREE - 1) * particles * dimension;
  const most = UNRESOLVED * localVariance(data) * freedom;
  for (let t = 0; t < trajectories; t++)
    for (let k = 0; k < starts; k++) {
      let sum = 0;
      for (let c = 0; c < components; c++)
        for (let a = 0; a < WINDOW; a++) {
          let left = 0;
          for (let b = 0; b < WINDOW; b++)
            left += hat[a * WINDOW + b] * positions[(t * records + k + b) * components + c];
          sum += left * left;
        }
      out[t * starts + k] = sum <= most ? 1 : 0;
    }
  for (const { trajectory, record } of met)
    for (let k = Math.max(0, record - WINDOW + 2); k <= Math.min(record, starts - 1); k++)
      out[trajectory * starts + k] = 0;
  return out;
}

/** Where windows of so many records begin, each the last record of the one before, that polynomials follow all through. */
function windowsOfLength(
  isCalm: Uint8Array,
  trajectories: number,
  starts: number,
  length: number,
): { trajectory: number; record: number }[] {
  const own = length - WINDOW + 1;
  const found: { trajectory: number; record: number }[] = [];
  for (let trajectory = 0; trajectory < trajectories; trajectory++) {
    let run = 0;
    let next = 0;
    for (let k = 0; k < starts; k++) {
      run = isCalm[trajectory * starts + k] === 1 ? run + 1 : 0;
      const record = k - own + 1;
      if (run < own || record < next) continue;
      found.push({ trajectory, record });
      next = record + length - 1;
    }
  }
  return found;
}
