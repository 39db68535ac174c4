import type { Cells } from "@mclnn/models/parts";
import type { Schedule } from "../records/schedule.ts";
import type { TrainingData } from "../records/training-data.ts";
import type { Chunk } from "../rollout/chunks.ts";
import type { Starts } from "../rollout/starts.ts";
import type { PairModule } from "../wasm/pair-module.ts";
import { work } from "../wasm/work.ts";
import {
  addStartResiduals,
  type ChunkGradient,
  type GradientProblem,
  roomForStarts,
} from "./gradient-problem.ts";
import { PairProblem } from "./pair-problem.ts";

/** Sums of squared residuals of trajectories `first` to before `end`, into `out` from its start. */
export function rolloutSumsByKernel(
  module: PairModule,
  data: TrainingData,
  schedule: Schedule,
  cells: Cells,
  curve: Float64Array,
  starts: Starts,
  { first, end }: Chunk,
  out: Float64Array,
): void {
  const problem = new PairProblem(module, data, cells, curve, starts, 0);
  const rollout = problem.addSchedule(schedule, { keep: false });
  for (let t = first; t < end; t += problem.group) {
    const count = Math.min(problem.group, end - t);
    problem.loadGroup(t, 1, count);
    problem.roll(rollout, count);
    for (let lane = 0; lane < count; lane++) out[t - first + lane] = problem.sum(lane);
  }
}

/** As `eachGradientChunk` of rollout/adjoint.ts. */
export function gradientChunksByKernel(
  module: PairModule,
  of: GradientProblem,
  curve: Float64Array,
  weight: number,
  chunks: readonly Chunk[],
  visit: (own: ChunkGradient) => void,
): void {
  const { arena, run } = module;
  const { data, schedule, cells, starts } = of;
  const { components, records } = data;
  const problem = new PairProblem(module, data, cells, curve, starts, schedule.kicks);
  const rollout = problem.addSchedule(schedule, { keep: true });
  const lambda = arena.reserve(problem.group * components * 16);
  const size = 4 * cells.count;
  const lanes = arena.reserveFloats(problem.group * size);
  const gradient = new Float64Array(size);
  const residuals = new Float64Array((records + 1) * components);
  for (const { first, end } of chunks) {
    gradient.fill(0);
    let sum = 0;
    const ofStarts = roomForStarts(of, end - first);
    for (let t = first; t < end; t += problem.group) {
      const count = Math.min(problem.group, end - t);
      problem.loadGroup(t, 1, count);
      problem.roll(rollout, count);
      work.kernelCalls++;
      work.adjoints += count;
      run.reverse(rollout.address, lambda, weight, cells.count, lanes);
      const { floats } = arena;
      for (let lane = 0; lane < count; lane++) {
        sum += problem.sum(lane);
        const o = (lanes >>> 3) + lane * size;
        for (let k = 0; k < size; k++) gradient[k] = gradient[k] + floats[o + k];
        if (ofStarts === null) continue;
        const to = 2 * (t - first + lane) * components;
        const out = ofStarts.subarray(to, to + 2 * components);
        // Both adjoints of a duo of trajectories, which are interleaved.
        const from = (lambda >>> 3) + (lane >> 1) * 4 * components + (lane & 1);
        for (let c = 0; c < 2 * components; c++) out[c] = floats[from + 2 * c];
        problem.copyResiduals(lane, residuals);
        addStartResiduals(of, t + lane, weight, residuals, out);
      }
    }
    visit({ sum, gradient, starts: ofStarts });
  }
}
