import type { Cells } from "@mclnn/models/parts";
import type { Schedule } from "../records/schedule.ts";
import type { TrainingData } from "../records/training-data.ts";
import { work } from "../wasm/work.ts";
import { type Adjoint, LOOKUP } from "./group.ts";
import type { RolloutScratch } from "./reference-rollout.ts";

/**
 * Reverses rollouts one at a time: the events one by one on the kept look-ups, so that the gradient is that of the discrete rollout itself.
 */
export class ReferenceAdjoint implements Adjoint {
  private readonly data: TrainingData;
  private readonly schedule: Schedule;
  private readonly rollout: RolloutScratch;
  private readonly weight: number;
  private readonly lambdaQ: Float64Array;
  private readonly lambdaV: Float64Array;
  private readonly gradient: Float64Array;
  private readonly trajectory: () => number;

  /** @param trajectory - tells which one was rolled out last @param weight - of a residual in the derivative of the loss */
  constructor(
    { data, cells }: { readonly data: TrainingData; readonly cells: Cells },
    schedule: Schedule,
    rollout: RolloutScratch,
    { trajectory, weight }: { readonly trajectory: () => number; readonly weight: number },
  ) {
    this.data = data;
    this.schedule = schedule;
    this.rollout = rollout;
    this.weight = weight;
    this.trajectory = trajectory;
    this.lambdaQ = new Float64Array(data.components);
    this.lambdaV = new Float64Array(data.components);
    this.gradient = new Float64Array(4 * cells.count);
  }

  addGradient(_lane: number, gradient: Float64Array): void {
    const { gradient: own } = this;
    for (let k = 0; k < own.length; k++) gradient[k] = gradient[k] + own[k];
  }

  read(_lane: number, out: Float64Array): void {
    out.set(this.lambdaQ);
    out.set(this.lambdaV, this.data.components);
  }

  write(_lane: number, from: Float64Array): void {
    const { components } = this.data;
    this.lambdaQ.set(from.subarray(0, components));
    this.lambdaV.set(from.subarray(components));
  }

  reverse(): void {
    const { events, kick } = this.schedule;
    this.begin();
    for (let e = events - 1; e >= 0; e--) {
      if (kick[e] !== 0) this.kick(e);
      this.event(e);
    }
  }

  begin(): void {
    work.adjoints++;
    this.gradient.fill(0);
    this.lambdaQ.fill(0);
    this.lambdaV.fill(0);
  }

  event(e: number): void {
    const { lambdaQ, lambdaV } = this;
    const { drift, record } = this.schedule;
    if (record[e] > 0) this.addResiduals(record[e]);
    const h = drift[e];
    if (h !== 0) for (let c = 0; c < lambdaQ.length; c++) lambdaV[c] = lambdaV[c] + h * lambdaQ[c];
  }

  private addResiduals(record: number): void {
    const { lambdaQ, weight } = this;
    const { components, records, weights } = this.data;
    const { residuals } = this.rollout;
    const o = record * components;
    const first = (this.trajectory() * records + record) * (components / 3);
    for (let c = 0; c < components; c++) {
      const observed = weights === null ? 1 : weights[first + ((c / 3) | 0)];
      lambdaQ[c] = lambdaQ[c] + weight * observed * residuals[o + c];
    }
  }

  kick(e: number): void {
    const { lambdaQ, lambdaV, gradient } = this;
    const { pairs, pairI, pairJ, scaleI, scaleJ } = this.data;
    const { lookupCell, lookups } = this.rollout;
    const w = this.schedule.kick[e];
    const first = this.schedule.kickIndex[e] * pairs;
    for (let p = 0; p < pairs; p++) {
      const i = pairI[p];
      const m = pairJ[p];
      const si = w * scaleI[p];
      const sj = w * scaleJ[p];
      const x = si * lambdaV[i] - sj * lambdaV[m];
      const y = si * lambdaV[i + 1] - sj * lambdaV[m + 1];
      const z = si * lambdaV[i + 2] - sj * lambdaV[m + 2];
      const l = first + p;
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
  }
}
