import { EnergyNetwork } from "../network.ts";
import type { Objective } from "../training/optimizers/optimizer.ts";
import type { TrainingData } from "../training/training-data.ts";

/**
 * Rollout loss (Eq. 6) with the network evaluated at every pair of every substep: the oracle of the tabulated path.
 *
 * Same velocity Verlet, same adjoint, no table; its cost is pairs x substeps x weights.
 */
export class DirectRolloutLoss implements Objective {
  readonly size: number;
  private readonly data: TrainingData;
  private readonly network: EnergyNetwork;

  constructor(data: TrainingData, hidden: readonly number[]) {
    this.data = data;
    this.network = new EnergyNetwork(hidden);
    this.size = this.network.size;
  }

  evaluate(parameters: Float64Array, gradient?: Float64Array): number {
    gradient?.fill(0);
    let sum = 0;
    for (let t = 0; t < this.data.trajectories; t++) sum += this.trajectory(t, parameters, gradient);
    return sum / this.data.residuals;
  }

  private trajectory(
    trajectory: number,
    parameters: Float64Array,
    gradient: Float64Array | undefined,
  ): number {
    const { data } = this;
    const { components, records, stride, dt, positions } = data;
    const substeps = (records - 1) * stride;
    const start = trajectory * records * components;
    const path = new Float64Array((substeps + 1) * components);
    const v = data.startVelocities.slice(trajectory * components, (trajectory + 1) * components);
    const a = new Float64Array(components);
    path.set(positions.subarray(start, start + components));
    for (let j = 0; j < substeps; j++) {
      this.accelerations(parameters, path, j, a);
      const kick = j === 0 ? 0.5 * dt : dt;
      for (let c = 0; c < components; c++) {
        v[c] = (v[c] as number) + kick * (a[c] as number);
        path[(j + 1) * components + c] =
          (path[j * components + c] as number) + dt * (v[c] as number);
      }
    }
    const residual = (record: number, c: number): number =>
      (path[record * stride * components + c] as number) -
      (positions[start + record * components + c] as number);
    let sum = 0;
    for (let record = 1; record < records; record++)
      for (let c = 0; c < components; c++) sum += residual(record, c) ** 2;
    if (gradient === undefined) return sum;

    const lambdaQ = new Float64Array(components);
    const lambdaV = new Float64Array(components);
    const weight = 2 / data.residuals;
    for (let j = substeps - 1; j >= 0; j--) {
      if ((j + 1) % stride === 0)
        for (let c = 0; c < components; c++)
          lambdaQ[c] = (lambdaQ[c] as number) + weight * residual((j + 1) / stride, c);
      for (let c = 0; c < components; c++)
        lambdaV[c] = (lambdaV[c] as number) + dt * (lambdaQ[c] as number);
      this.reverseKick(parameters, path, j, j === 0 ? 0.5 * dt : dt, lambdaV, lambdaQ, gradient);
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
      const i = pairI[p] as number;
      const m = pairJ[p] as number;
      const { r, n } = separation(path, j * components + i, j * components + m);
      network.evaluate(parameters, r);
      for (let c = 0; c < 3; c++) {
        const f = network.slope * (n[c] as number);
        out[i + c] = (out[i + c] as number) - f * (scaleI[p] as number);
        out[m + c] = (out[m + c] as number) + f * (scaleJ[p] as number);
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
      const i = pairI[p] as number;
      const m = pairJ[p] as number;
      const { r, n } = separation(path, j * components + i, j * components + m);
      network.evaluate(parameters, r);
      const x = [0, 1, 2].map(
        (c) =>
          kick *
          ((scaleI[p] as number) * (lambdaV[i + c] as number) -
            (scaleJ[p] as number) * (lambdaV[m + c] as number)),
      );
      const s = [0, 1, 2].reduce((sum, c) => sum + (n[c] as number) * (x[c] as number), 0);
      network.accumulateGradient(parameters, 0, -s, 0, gradient);
      const transverse = network.slope / r;
      for (let c = 0; c < 3; c++) {
        const g = (network.curvature - transverse) * s * (n[c] as number) + transverse * (x[c] as number);
        lambdaQ[i + c] = (lambdaQ[i + c] as number) - g;
        lambdaQ[m + c] = (lambdaQ[m + c] as number) + g;
      }
    }
  }
}

function separation(
  path: Float64Array,
  i: number,
  j: number,
): { r: number; n: [number, number, number] } {
  const x = (path[i] as number) - (path[j] as number);
  const y = (path[i + 1] as number) - (path[j + 1] as number);
  const z = (path[i + 2] as number) - (path[j + 2] as number);
  const r = Math.sqrt(x * x + y * y + z * z);
  return { r, n: [x / r, y / r, z / r] };
}
