import type { Cells } from "@mclnn/models/parts";
import type { TermSpec } from "@mclnn/physics/terms";
import type { Schedule } from "../records/schedule.ts";
import type { TrainingData } from "../records/training-data.ts";
import { type Chunk, chunksOf } from "../rollout/chunks.ts";
import { givenStarts, type Starts } from "../rollout/starts.ts";
import { lawTerms } from "../terms/law-terms.ts";
import { groupsOf, type Threads, threadsFor } from "../threads/threads.ts";
import { Addends, specsOf } from "./addends.ts";
import { engine } from "./engine.ts";
import {
  addStartResiduals,
  type ChunkGradient,
  type GradientProblem,
  roomForStarts,
} from "./gradient-problem.ts";
import { MixedAdjoint } from "./mixed-adjoint.ts";
import { MixedMarch } from "./mixed-march.ts";
import { ALONE } from "./pair-rollout.ts";

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
  return lawGradient({ data, schedule, cells }, curve, { curve: gradient, beside: NONE });
}

const NONE = new Float64Array(0);

/**
 * The same of a curve with terms beside it, from given starts.
 *
 * @param gradient - by the curve [4 x cells] and by the coefficients of the terms [size of the terms], overwritten
 */
export function lawGradient(
  { data, schedule, cells, beside = ALONE }: Omit<GradientProblem, "starts">,
  curve: Float64Array,
  gradient: { readonly curve: Float64Array; readonly beside: Float64Array },
): number {
  gradient.curve.fill(0);
  gradient.beside.fill(0);
  let sum = 0;
  const add = (own: ChunkGradient): void => {
    sum += own.sum;
    addTo(gradient.curve, own.gradient);
    addTo(gradient.beside, own.beside);
  };
  const chunks = chunksOf(data.trajectories);
  const problem = { data, schedule, cells, starts: startsOf(data), beside };
  const weight = 2 / data.residuals;
  const threads = threadsOf(problem);
  if (threads === null) eachGradientChunk(problem, curve, weight, chunks, add);
  else dividedGradients(threads, problem, curve, weight, chunks).forEach(add);
  return sum / data.residuals;
}

/** Adds numbers to others, one by one. */
export function addTo(sum: Float64Array, own: Float64Array): void {
  for (let k = 0; k < own.length; k++) sum[k] = sum[k] + own[k];
}

/** Threads that can make the terms themselves. */
const threadsOf = ({ data, schedule, beside = ALONE }: GradientProblem): Threads | null =>
  specsOf(beside.terms) === null ? null : threadsFor(data, schedule, data.trajectories);

/** Gradients of all chunks in their order. @param weight - of a residual */
export function gradientChunks(
  problem: GradientProblem,
  curve: Float64Array,
  weight: number,
): ChunkGradient[] {
  const chunks = chunksOf(problem.data.trajectories);
  const threads = threadsOf(problem);
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
  const { data, schedule, cells, starts, beside = ALONE } = problem;
  const shared = { data, schedule, cells, starts };
  const specs = specsOf(beside.terms) ?? [];
  const args = { curve, weight, groups, specs, values: beside.values };
  const task = "gradients";
  const own = gradientsTask(shared, args);
  return threads.divide({ task, shared, args, parts: groups.length, own }).flat();
}

function copyOfGradient({ sum, gradient, beside, starts }: ChunkGradient): ChunkGradient {
  return { sum, gradient: gradient.slice(), beside: beside.slice(), starts };
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

/** What other threads are told of a gradient. */
interface GradientArgs {
  readonly curve: Float64Array;
  readonly weight: number;
  readonly groups: readonly (readonly Chunk[])[];
  readonly specs: readonly TermSpec[];
  readonly values?: Float64Array | undefined;
}

/** Gradients of groups of chunks, for any thread. */
export function gradientsTask(
  shared: Omit<GradientProblem, "beside">,
  { curve, weight, groups, specs, values }: GradientArgs,
): (part: number) => ChunkGradient[] {
  const problem = { ...shared, beside: { terms: lawTerms(specs, shared.data), values } };
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
  const { data, schedule, cells, starts, beside: terms = ALONE } = problem;
  const { components, records } = data;
  const addends = new Addends(terms, data);
  const mixed = new MixedMarch(data, addends);
  const group = engine().open({ data, cells, curve, starts, keptKicks: schedule.kicks });
  const march = group.march(schedule, { keep: true, affine: mixed.affine });
  const adjoint = group.adjoint(march, weight);
  const reversal = new MixedAdjoint(data, addends, { mixed, march, adjoint, lanes: group.lanes });
  const beside = new Float64Array(addends.size);
  const gradient = new Float64Array(4 * cells.count);
  const residuals = new Float64Array((records + 1) * components);
  for (const { first, end } of chunks) {
    let sum = 0;
    gradient.fill(0);
    beside.fill(0);
    const ofStarts = roomForStarts(problem, end - first);
    for (let t = first; t < end; t += group.lanes) {
      const count = Math.min(group.lanes, end - t);
      const lanes = { first: t, step: 1, count };
      group.load(t, 1, count);
      mixed.roll(march, lanes, 1);
      reversal.reverse(lanes);
      for (let lane = 0; lane < count; lane++) {
        sum += group.sumOfSquares(lane);
        adjoint.addGradient(lane, gradient);
        reversal.addGradient(lane, beside);
        if (ofStarts === null) continue;
        const to = 2 * (t - first + lane) * components;
        const out = ofStarts.subarray(to, to + 2 * components);
        adjoint.read(lane, out);
        group.copyResiduals(lane, residuals);
        addStartResiduals(problem, t + lane, weight, residuals, out);
      }
    }
    visit({ sum, gradient, beside, starts: ofStarts });
  }
}
