import { rolloutIterator } from "@mclnn/integrators";
import { conservation } from "@mclnn/metrics";
import { angularMomentum, hamiltonian, linearMomentum } from "@mclnn/physics";
import { mean } from "../../numbers.ts";
import { boundLaws, threeBodies } from "../laws.ts";
import type { Promised } from "../promise.ts";

const STEPS = { quick: 20_000, full: 1_000_000 };
/** Steps between two looks. */
const LOOK = 100;
const DT = 0.01;
/** Bound on |dP|, and on |dLang| over the root of the steps. */
const BOUND = 1e-12;
/** Standard deviations within which a slope counts as 0. */
const WIDE = 4;

export const momenta: Promised = {
  name: "momenta",
  promise:
    "Momentum stays within 1e-12, angular momentum within 1e-12 times the root of the steps, along the whole run; energy fluctuates and does not drift",
  check(size, tally) {
    for (const pair of boundLaws()) {
      const { system, start } = threeBodies(pair);
      const p0 = linearMomentum(system, start.velocities);
      const l0 = angularMomentum(system, start.positions, start.velocities);
      const records = STEPS[size] / LOOK + 1;
      const times = new Float64Array(records);
      const energies = new Float64Array(records);
      let k = 0;
      for (const state of rolloutIterator(system, start, { dt: DT, stride: LOOK, records })) {
        const steps = k * LOOK;
        const dp = distance(linearMomentum(system, state.velocities), p0);
        const dl = distance(angularMomentum(system, state.positions, state.velocities), l0);
        tally.expect(dp <= BOUND, () => `${pair.name}: |dP| = ${dp} after ${steps} steps`);
        tally.expect(
          dl <= BOUND * Math.sqrt(Math.max(1, steps)),
          () => `${pair.name}: |dLang| = ${dl} after ${steps} steps`,
        );
        times[k] = state.time;
        energies[k] = hamiltonian(system, state);
        k++;
      }
      const { maxDrift } = conservation(times, energies);
      const { slope, deviation } = slopeOfMeans(times, energies);
      tally.expect(
        Math.abs(slope) <= WIDE * deviation,
        `${pair.name}: energy drifts by ${slope} +- ${deviation} a time unit`,
      );
      tally.notes.push(
        `${pair.name}: energy within ${maxDrift.toExponential(1)}, slope ${slope.toExponential(1)} +- ${deviation.toExponential(1)}`,
      );
    }
  },
};

/** Blocks that the run is cut into: their means scatter independently once a block is longer than the motion's memory. */
const BLOCKS = 20;

/** Least-squares slope of block means, and its standard deviation by their scatter. */
function slopeOfMeans(
  times: Float64Array,
  values: Float64Array,
): { slope: number; deviation: number } {
  const length = Math.floor(values.length / BLOCKS);
  const means = (from: Float64Array): number[] =>
    Array.from(
      { length: BLOCKS },
      (_, k) => mean(from.subarray(k * length, (k + 1) * length)) ?? Number.NaN,
    );
  const centred = (list: readonly number[]): number[] => {
    const middle = mean(list) ?? 0;
    return list.map((x) => x - middle);
  };
  const [t, y] = [centred(means(times)), centred(means(values))];
  const spread = t.reduce((sum, x) => sum + x * x, 0);
  const slope = t.reduce((sum, x, k) => sum + x * y[k], 0) / spread;
  const rest = y.reduce((sum, value, k) => sum + (value - slope * t[k]) ** 2, 0);
  return { slope, deviation: Math.sqrt(rest / (BLOCKS - 2) / spread) };
}

function distance(a: Float64Array, b: Float64Array): number {
  return Math.sqrt(a.reduce((sum, x, k) => sum + (x - b[k]) ** 2, 0));
}
