import type { Cells } from "@mclnn/models/parts";
import type { Schedule } from "../records/schedule.ts";
import type { TrainingData } from "../records/training-data.ts";
import { type Chunk, chunksOf } from "../rollout/chunks.ts";
import { givenStarts, type Starts } from "../rollout/starts.ts";
import { groupsOf, type Threads, threadsFor } from "../threads/threads.ts";
import { engine } from "./engine.ts";
import {
  addStartResiduals,
  type ChunkGradient,
  type GradientProblem,
  roomForStarts,
} from "./gradient-problem.ts";

/**
 * Rollout loss and its gradient with respect to the curve, by the discrete adjoint of the splitting method.
 *
 * The events are reversed one by one on the kept look-ups, so the gradient is that of the discrete rollout itself, exact to roundoff.
 *
 * @param curve - [4 x cells]
 * @param gradient - [4 x cells], overwritten
 * @returns mean squared position error (Eq. 6)
 */
export function curveGradient(
  data: TrainingData,
  schedule: Schedule,
  cells: Cells,
  curve: Float64Array,
  gradient: Float64Array,
): number {
  gradient.fill(0);
  let sum = 0;
  const chunks = chunksOf(data.trajectories);
  const add = (ofChunk: number, own: Float64Array): void => {
    sum += ofChunk;
    for (let k = 0; k < own.length; k++) gradient[k] = gradient[k] + own[k];
  };
  const threads = threadsFor(data, schedule, data.trajectories);
  const problem = { data, schedule, cells, starts: startsOf(data) };
  const weight = 2 / data.residuals;
  if (threads === null)
    eachGradientChunk(problem, curve, weight, chunks, (own) => add(own.sum, own.gradient));
  else
    for (const own of dividedGradients(threads, problem, curve, weight, chunks))
      add(own.sum, own.gradient);
  return sum / data.residuals;
}

/** Gradients of all chunks in their order. @param weight - of a residual */
export function gradientChunks(
  problem: GradientProblem,
  curve: Float64Array,
  weight: number,
): ChunkGradient[] {
  const { data, schedule } = problem;
  const chunks = chunksOf(data.trajectories);
  const threads = threadsFor(data, schedule, data.trajectories);
  if (threads !== null) return dividedGradients(threads, problem, curve, weight, chunks);
  const out: ChunkGradient[] = [];
  eachGradientChunk(problem, curve, weight, chunks, (own) => {
    out.push(copyOfGradient(own));
  });
  return out;
}

function dividedGradients(
  threads: Threads,
  problem: GradientProblem,
  curve: Float64Array,
  weight: number,
  chunks: readonly Chunk[],
): ChunkGradient[] {
  const groups = groupsOf(chunks, threads);
  const { data, schedule, cells, starts } = problem;
  const shared = { data, schedule, cells, starts };
  const args = { curve, weight, groups };
  const task = "gradients";
  const own = gradientsTask(shared, args);
  return threads.divide({ task, shared, args, parts: groups.length, own }).flat();
}

function copyOfGradient({ sum, gradient, starts }: ChunkGradient): ChunkGradient {
  return { sum, gradient: gradient.slice(), starts };
}

const givenOf = new WeakMap<TrainingData, Starts>();

/** Given starts, the same object each time, which other threads have to be sent but once. */
function startsOf(data: TrainingData): Starts {
  const known = givenOf.get(data);
  if (known !== undefined) return known;
  const starts = givenStarts(data);
  givenOf.set(data, starts);
  return starts;
}

/** Gradients of groups of chunks, for any thread. */
export function gradientsTask(
  problem: GradientProblem,
  {
    curve,
    weight,
    groups,
  }: { curve: Float64Array; weight: number; groups: readonly (readonly Chunk[])[] },
): (part: number) => ChunkGradient[] {
  return (part) => {
    const out: ChunkGradient[] = [];
    const chunks = groups[part];
    eachGradientChunk(problem, curve, weight, chunks, (own) => {
      out.push(copyOfGradient(own));
    });
    return out;
  };
}

/**
 * Sum of squared residuals and gradient of each of some chunks, in their order. Those of all chunks, added in order, are those of all data.
 *
 * @param visit - the gradient that it is given is overwritten by the next chunk
 */
function eachGradientChunk(
  problem: GradientProblem,
  curve: Float64Array,
  weight: number,
  chunks: readonly Chunk[],
  visit: (own: ChunkGradient) => void,
): void {
  const { data, schedule, cells, starts } = problem;
  const { components, records } = data;
  const group = engine().open({ data, cells, curve, starts, keptKicks: schedule.kicks });
  const march = group.march(schedule, { keep: true });
  const adjoint = group.adjoint(march, weight);
  const gradient = new Float64Array(4 * cells.count);
  const residuals = new Float64Array((records + 1) * components);
  for (const { first, end } of chunks) {
    let sum = 0;
    gradient.fill(0);
    const ofStarts = roomForStarts(problem, end - first);
    for (let t = first; t < end; t += group.lanes) {
      const count = Math.min(group.lanes, end - t);
      group.load(t, 1, count);
      march.roll(count);
      adjoint.reverse(count);
      for (let lane = 0; lane < count; lane++) {
        sum += group.sumOfSquares(lane);
        adjoint.addGradient(lane, gradient);
        if (ofStarts === null) continue;
        const to = 2 * (t - first + lane) * components;
        const out = ofStarts.subarray(to, to + 2 * components);
        adjoint.copyStart(lane, out);
        group.copyResiduals(lane, residuals);
        addStartResiduals(problem, t + lane, weight, residuals, out);
      }
    }
    visit({ sum, gradient, starts: ofStarts });
  }
}
