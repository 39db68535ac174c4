import type { Cells } from "@mclnn/models/parts";
import type { Schedule } from "../records/schedule.ts";
import type { TrainingData } from "../records/training-data.ts";
import { type Chunk, chunksOf } from "../rollout/chunks.ts";
import { givenStarts, type Starts } from "../rollout/starts.ts";
import { groupsOf, type Threads, threadsFor } from "../threads/threads.ts";
import { pairModule } from "../wasm/pair-module.ts";
import { work } from "../wasm/work.ts";
import {
  addStartResiduals,
  type ChunkGradient,
  type GradientProblem,
  roomForStarts,
} from "./gradient-problem.ts";
import { createRolloutScratch, LOOKUP, type RolloutScratch, rollPairs } from "./pair-rollout.ts";
import { gradientChunksByKernel } from "./rollout-kernel.ts";

/** Scratch of {@link curveGradient}. */
export interface AdjointScratch {
  readonly rollout: RolloutScratch;
  readonly lambdaQ: Float64Array;
  readonly lambdaV: Float64Array;
}

export function createAdjointScratch(data: TrainingData, schedule: Schedule): AdjointScratch {
  return {
    rollout: createRolloutScratch(data, schedule),
    lambdaQ: new Float64Array(data.components),
    lambdaV: new Float64Array(data.components),
  };
}

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
  scratch?: AdjointScratch,
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
    eachGradientChunk(problem, curve, weight, chunks, scratch, (own) => add(own.sum, own.gradient));
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
  eachGradientChunk(problem, curve, weight, chunks, undefined, (own) => {
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
    eachGradientChunk(problem, curve, weight, chunks, undefined, (own) => {
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
  scratch: AdjointScratch | undefined,
  visit: (own: ChunkGradient) => void,
): void {
  const module = pairModule();
  if (module !== null) {
    gradientChunksByKernel(module, problem, curve, weight, chunks, visit);
    return;
  }
  const { data, schedule, cells, starts } = problem;
  const { components } = data;
  const room = scratch ?? createAdjointScratch(data, schedule);
  const { rollout, lambdaQ, lambdaV } = room;
  const own = new Float64Array(4 * cells.count);
  const ofChunk = new Float64Array(4 * cells.count);
  for (const { first, end } of chunks) {
    let sum = 0;
    ofChunk.fill(0);
    const ofStarts = roomForStarts(problem, end - first);
    for (let t = first; t < end; t++) {
      sum += rollPairs(data, schedule, cells, curve, starts, t, rollout, { keep: true });
      own.fill(0);
      work.adjoints++;
      reverse(data, schedule, room, t, weight, own);
      for (let k = 0; k < own.length; k++) ofChunk[k] = ofChunk[k] + own[k];
      if (ofStarts === null) continue;
      const out = ofStarts.subarray(2 * (t - first) * components);
      out.set(lambdaQ);
      out.set(lambdaV, components);
      addStartResiduals(problem, t, weight, rollout.residuals, out);
    }
    visit({ sum, gradient: ofChunk, starts: ofStarts });
  }
}

function reverse(
  data: TrainingData,
  { events, drift, kick, record, kickIndex }: Schedule,
  { rollout, lambdaQ, lambdaV }: AdjointScratch,
  trajectory: number,
  weight: number,
  gradient: Float64Array,
): void {
  const { components, records, pairs, pairI, pairJ, scaleI, scaleJ, weights } = data;
  const { residuals, lookupCell, lookups } = rollout;
  lambdaQ.fill(0);
  lambdaV.fill(0);
  for (let e = events - 1; e >= 0; e--) {
    const w = kick[e];
    if (w !== 0)
      for (let p = 0; p < pairs; p++) {
        const i = pairI[p];
        const m = pairJ[p];
        const si = w * scaleI[p];
        const sj = w * scaleJ[p];
        const x = si * lambdaV[i] - sj * lambdaV[m];
        const y = si * lambdaV[i + 1] - sj * lambdaV[m + 1];
        const z = si * lambdaV[i + 2] - sj * lambdaV[m + 2];
        const l = kickIndex[e] * pairs + p;
        const u = l * LOOKUP;
        const nx = lookups[u];
        const ny = lookups[u + 1];
        const nz = lookups[u + 2];
        const transverse = lookups[u + 3];
        const t = lookups[u + 5];
        const s = nx * x + ny * y + nz * z;
        const o = 4 * lookupCell[l];
        const st = s * t;
        const stt = st * t;
        gradient[o] = gradient[o] - s;
        gradient[o + 1] = gradient[o + 1] - st;
        gradient[o + 2] = gradient[o + 2] - stt;
        gradient[o + 3] = gradient[o + 3] - stt * t;
        const radial = s * (lookups[u + 4] - transverse);
        const gx = radial * nx + transverse * x;
        const gy = radial * ny + transverse * y;
        const gz = radial * nz + transverse * z;
        lambdaQ[i] = lambdaQ[i] - gx;
        lambdaQ[i + 1] = lambdaQ[i + 1] - gy;
        lambdaQ[i + 2] = lambdaQ[i + 2] - gz;
        lambdaQ[m] = lambdaQ[m] + gx;
        lambdaQ[m + 1] = lambdaQ[m + 1] + gy;
        lambdaQ[m + 2] = lambdaQ[m + 2] + gz;
      }
    const compared = record[e];
    if (compared > 0) {
      const o = compared * components;
      const first = (trajectory * records + compared) * (components / 3);
      for (let c = 0; c < components; c++) {
        const observed = weights === null ? 1 : weights[first + ((c / 3) | 0)];
        lambdaQ[c] = lambdaQ[c] + weight * observed * residuals[o + c];
      }
    }
    const h = drift[e];
    // Stryker disable next-line ConditionalExpression: to drift by 0 adds 0
    if (h !== 0) for (let c = 0; c < components; c++) lambdaV[c] = lambdaV[c] + h * lambdaQ[c];
  }
}
