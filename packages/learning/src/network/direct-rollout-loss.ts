import { EnergyNetwork } from "@mclnn/models";
import { checkArgument } from "@mclnn/physics/arguments";
import type { Objective } from "../optimizers/optimizer.ts";
import { SCHEDULE, type Schedule } from "../records/schedule.ts";
import { TRAINING_DATA, type TrainingData } from "../records/training-data.ts";

/**
 * Rollout loss (Eq. 6) with the network evaluated at every pair of every substep: the oracle of the tabulated path.
 *
 * Same events, same adjoint, no table; its cost is pairs x kicks x weights.
 */
export class DirectRolloutLoss implements Objective {
  readonly size: number;
  private readonly data: TrainingData;
  private readonly schedule: Schedule;
  private readonly network: EnergyNetwork;

  constructor(data: TrainingData, schedule: Schedule, hidden: readonly number[]) {
    checkArgument("data", data, TRAINING_DATA);
    checkArgument("schedule", schedule, SCHEDULE);
    this.data = data;
    this.schedule = schedule;
    this.network = new EnergyNetwork(hidden);
    this.size = this.network.size;
  }

  evaluate(parameters: Float64Array, gradient?: Float64Array): number {
    gradient?.fill(0);
    let sum = 0;
    for (let t = 0; t < this.data.trajectories; t++)
      sum += this.trajectory(t, parameters, gradient);
    return sum / this.data.residuals;
  }

  private trajectory(
    trajectory: number,
    parameters: Float64Array,
    gradient: Float64Array | undefined,
  ): number {
    const { data } = this;
    const { events, drift, kick, record } = this.schedule;
    const { components, records, positions, weights } = data;
    const start = trajectory * records * components;
    const own = trajectory * components;
    const path = new Float64Array(events * components);
    const q = positions.slice(start, start + components);
    const v = data.startVelocities.slice(own, own + components);
    const a = new Float64Array(components);
    const observed = (component: number): number =>
      weights === null ? 1 : weights[Math.floor((start + component) / 3)];
    const residuals = new Float64Array(records * components);
    let sum = 0;
    for (let e = 0; e < events; e++) {
      const compared = record[e];
      for (let c = 0; c < components; c++) {
        q[c] = q[c] + drift[e] * v[c];
        path[e * components + c] = q[c];
        // Stryker disable next-line EqualityOperator: the start is given, and its residual is 0
        if (compared <= 0) continue;
        const k = compared * components + c;
        const residual = observed(k) * (q[c] - positions[start + k]);
        residuals[k] = residual;
        sum += residual * residual;
      }
      const w = kick[e];
      // Stryker disable next-line ConditionalExpression: a kick of 0 adds 0
      if (w === 0) continue;
      this.accelerations(parameters, path, e, a);
      for (let c = 0; c < components; c++) v[c] = v[c] + w * a[c];
    }
    if (gradient === undefined) return sum;

    const lambdaQ = new Float64Array(components);
    const lambdaV = new Float64Array(components);
    const weight = 2 / data.residuals;
    for (let e = events - 1; e >= 0; e--) {
      const w = kick[e];
      // Stryker disable next-line ConditionalExpression: a kick of 0 adds 0
      if (w !== 0) this.reverseKick(parameters, path, e, w, lambdaV, lambdaQ, gradient);
      const compared = record[e];
      for (let c = 0; c < components; c++) {
        const k = compared * components + c;
        // Stryker disable next-line EqualityOperator: the start is given, and its residual is 0
        if (compared > 0) lambdaQ[c] = lambdaQ[c] + weight * observed(k) * residuals[k];
        lambdaV[c] = lambdaV[c] + drift[e] * lambdaQ[c];
      }
    }
    return sum;
  }

  private accelerations(
    parameters: Float64Array,
    path: Float64Array,
    j: number,
    out: Float64Array,
  ): void {
    const { network } = this;
    const { pairs, pairI, pairJ, scaleI, scaleJ, components } = this.data;
    out.fill(0);
    for (let p = 0; p < pairs; p++) {
      const i = pairI[p];
      const m = pairJ[p];
      const { r, n } = separation(path, j * components + i, j * components + m);
      network.evaluate(parameters, r);
      for (let c = 0; c < 3; c++) {
        const f = network.slope * n[c];
        out[i + c] = out[i + c] - f * scaleI[p];
        out[m + c] = out[m + c] + f * scaleJ[p];
      }
    }
  }

  private reverseKick(
    parameters: Float64Array,
    path: Float64Array,
    j: number,
    kick: number,
    lambdaV: Float64Array,
    lambdaQ: Float64Array,
    gradient: Float64Array,
  ): void {
    const { network } = this;
    const { pairs, pairI, pairJ, scaleI, scaleJ, components } = this.data;
    for (let p = 0; p < pairs; p++) {
      const i = pairI[p];
      const m = pairJ[p];
      const { r, n } = separation(path, j * components + i, j * components + m);
      network.evaluate(parameters, r);
      const x = [0, 1, 2].map(
        (c) => kick * (scaleI[p] * lambdaV[i + c] - scaleJ[p] * lambdaV[m + c]),
      );
      const s = [0, 1, 2].reduce((sum, c) => sum + n[c] * x[c], 0);
      network.accumulateGradient(parameters, 0, -s, 0, gradient);
      const transverse = network.slope / r;
      for (let c = 0; c < 3; c++) {
        const g = (network.curvature - transverse) * s * n[c] + transverse * x[c];
        lambdaQ[i + c] = lambdaQ[i + c] - g;
        lambdaQ[m + c] = lambdaQ[m + c] + g;
      }
    }
  }
}

function separation(
  path: Float64Array,
  i: number,
  j: number,
): { r: number; n: [number, number, number] } {
  const x = path[i] - path[j];
  const y = path[i + 1] - path[j + 1];
  const z = path[i + 2] - path[j + 2];
  const r = Math.sqrt(x * x + y * y + z * z);
  return { r, n: [x / r, y / r, z / r] };
}
