import type { Cells } from "../cells.ts";
import type { TrainingData } from "../training/training-data.ts";
import { createRolloutScratch, rollPairs } from "./pair-rollout.ts";
import type { Schedule } from "./schedule.ts";
import { givenStarts, type Starts } from "./starts.ts";

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
  const scratch = createRolloutScratch(data, schedule, { keepStates: true });
  for (let t = 0; t < data.trajectories; t++) {
    const sum = rollPairs(data, schedule, cells, curve, starts, t, scratch, { keep: true });
    if (Number.isFinite(sum)) continue;
    const kick = firstBroken(scratch.kickStates as Float64Array, data.components, schedule.kicks);
    const states = scratch.kickStates as Float64Array;
    const before = Math.max(0, kick - 1) * 2 * data.components;
    const [i, j, separation] = closestPair(data, states.subarray(before, before + data.components));
    const where =
      kick < schedule.kicks
        ? `force evaluation ${kick + 1} of ${schedule.kicks}`
        : "a record, where the error is beyond all numbers";
    return `trajectory ${t}, ${where}: particles ${i} and ${j} were ${separation} apart before`;
  }
  return "the rollouts are finite, their gradient is not";
}

/** Ordinal of the first state that is not finite; `count` when all are. @param states - [count x 2 x components] */
function firstBroken(states: Float64Array, components: number, count: number): number {
  const at = states.findIndex((x) => !Number.isFinite(x));
  return at < 0 ? count : Math.floor(at / (2 * components));
}

function closestPair(
  { pairs, pairI, pairJ }: TrainingData,
  q: Float64Array,
): [i: number, j: number, separation: number] {
  let closest: [number, number, number] = [0, 0, Number.POSITIVE_INFINITY];
  for (let p = 0; p < pairs; p++) {
    const i = pairI[p] as number;
    const j = pairJ[p] as number;
    let square = 0;
    for (let k = 0; k < 3; k++) {
      const d = (q[i + k] as number) - (q[j + k] as number);
      square += d * d;
    }
    const r = Math.sqrt(square);
    if (r < closest[2]) closest = [i / 3, j / 3, r];
  }
  return closest;
}
