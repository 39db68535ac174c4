import type { Cells } from "@mclnn/models/parts";
import type { Schedule } from "../records/schedule.ts";
import type { TrainingData } from "../records/training-data.ts";
import { givenStarts, type Starts } from "../rollout/starts.ts";
import { shownRollouts } from "./pair-rollout.ts";

/**
 * Where rollouts under a curve stop being finite, in words: the first trajectory, its step, the particles and their separation before it.
 *
 * Rolls out again and looks at every step, which no good rollout pays for.
 */
export function locateDivergence(
  data: TrainingData,
  schedule: Schedule,
  cells: Cells,
  curve: Float64Array,
  starts: Starts = givenStarts(data),
): string {
  const broken = curve.findIndex((c) => !Number.isFinite(c));
  if (broken >= 0)
    return `V' is not finite from separation ${cells.left[Math.floor(broken / 4)]} on`;
  const { components } = data;
  const states = new Float64Array(schedule.kicks * 2 * components);
  const roll = shownRollouts(data, schedule, cells, curve, starts);
  for (let t = 0; t < data.trajectories; t++) {
    const sum = roll(t, ({ positions, velocities }, kick) => {
      states.set(positions, 2 * kick * components);
      states.set(velocities, (2 * kick + 1) * components);
    });
    if (Number.isFinite(sum)) continue;
    const kick = firstBroken(data, states, schedule.kicks);
    const before = Math.max(0, kick - 1) * 2 * components;
    const [i, j, separation] = closestPair(data, states.subarray(before, before + components));
    const where =
      kick < schedule.kicks
        ? `force evaluation ${kick + 1} of ${schedule.kicks}`
        : "a record, where the error is beyond all numbers";
    return `trajectory ${t}, ${where}: particles ${i} and ${j} were ${separation} apart before`;
  }
  return "the rollouts are finite, their gradient is not";
}

/**
 * Ordinal of the first state that is not finite, or of which a separation is not; `count` when all are.
 *
 * @param states - [count x 2 x components]
 */
function firstBroken(data: TrainingData, states: Float64Array, count: number): number {
  const size = 2 * data.components;
  for (let k = 0; k < count; k++) {
    const state = states.subarray(k * size, (k + 1) * size);
    if (!state.every(Number.isFinite)) return k;
    if (!separations(data, state).every(Number.isFinite)) return k;
  }
  return count;
}

function closestPair(
  data: TrainingData,
  q: Float64Array,
): [i: number, j: number, separation: number] {
  const apart = separations(data, q);
  const closest = Math.min(...apart);
  // The first, where a separation of the start itself is no number.
  const p = apart.findIndex((r) => !(r > closest));
  return [data.pairI[p] / 3, data.pairJ[p] / 3, closest];
}

/** Of each pair. @param q - positions, from its start */
function separations({ pairs, pairI, pairJ }: TrainingData, q: Float64Array): number[] {
  return Array.from({ length: pairs }, (_, p) => {
    const [i, j] = [pairI[p], pairJ[p]];
    let square = 0;
    for (let k = 0; k < 3; k++) {
      const d = q[i + k] - q[j + k];
      square += d * d;
    }
    return Math.sqrt(square);
  });
}
