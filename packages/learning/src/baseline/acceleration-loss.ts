import type { PositionNetwork } from "@mclnn/models";
import type { LeastSquares } from "../optimizers/levenberg-marquardt.ts";
import type { Objective } from "../optimizers/optimizer.ts";
import { positionsModule } from "../wasm/positions-module.ts";
import { work } from "../wasm/work.ts";
import { lossByKernel, normalEquationsByKernel } from "./positions-kernel.ts";
import type { ScaledPoints } from "./scaled-points.ts";

/** Points whose rows of J are multiplied at a time: few enough for them to stay in the cache. */
const TOGETHER = 16;

/** Memory for Gauss-Newton equations, shared by losses of one network that are not evaluated at the same time. */
export interface Workspace {
  /** J transposed: a row a weight, a column a residual. */
  jacobian: Float64Array;
  product: Float64Array;
}

/** An empty workspace; it takes its size when first used. */
export function createWorkspace(): Workspace {
  return { jacobian: new Float64Array(0), product: new Float64Array(0) };
}

/**
 * Mean squared acceleration error of a position network, in its own units: the baseline's loss (paper, 4.1.2).
 *
 * As an objective with gradient, and as least squares with Gauss-Newton equations; `weight` is 1 / (points x components).
 */
export function accelerationLoss(
  network: PositionNetwork,
  scaled: ScaledPoints,
  workspace: Workspace = createWorkspace(),
): LeastSquares & Objective {
  return new AccelerationLoss(network, scaled, workspace);
}

class AccelerationLoss implements LeastSquares, Objective {
  readonly size: number;
  readonly weight: number;
  private readonly network: PositionNetwork;
  private readonly scaled: ScaledPoints;
  private readonly workspace: Workspace;
  private readonly residual: Float64Array;
  private readonly lambda: Float64Array;

  constructor(network: PositionNetwork, scaled: ScaledPoints, workspace: Workspace) {
    this.size = network.size;
    this.weight = 1 / (scaled.points * scaled.components);
    this.network = network;
    this.scaled = scaled;
    this.workspace = workspace;
    this.residual = new Float64Array(network.inputs);
    this.lambda = new Float64Array(network.inputs);
  }

  sumOfSquares(parameters: Float64Array): number {
    const { network, scaled } = this;
    const module = positionsModule();
    if (module !== null) return lossByKernel(module, network, scaled, parameters);
    work.positionPoints += scaled.points;
    let sum = scaled.idleSquares;
    for (let point = 0; point < scaled.points; point++) sum += this.residualsAt(parameters, point);
    return sum;
  }

  evaluate(parameters: Float64Array, gradient?: Float64Array): number {
    const { network, scaled, weight, residual, lambda } = this;
    const module = positionsModule();
    if (module !== null)
      return lossByKernel(module, network, scaled, parameters, gradient, weight) * weight;
    if (gradient === undefined) return this.sumOfSquares(parameters) * weight;
    const { points, responses } = scaled;
    work.positionPoints += points;
    work.positionGradients += points;
    let sum = scaled.idleSquares;
    gradient.fill(0);
    for (let point = 0; point < points; point++) {
      sum += this.residualsAt(parameters, point);
      for (let k = 0; k < lambda.length; k++) lambda[k] = 2 * weight * responses[k] * residual[k];
      network.differentiate(parameters, lambda);
      network.accumulateGradient(gradient);
    }
    return sum * weight;
  }

  normalEquations(parameters: Float64Array, matrix: Float64Array, vector: Float64Array): number {
    const { network, scaled, size, workspace, residual, lambda } = this;
    const module = positionsModule();
    if (module !== null)
      return normalEquationsByKernel(module, network, scaled, parameters, TOGETHER, matrix, vector);
    const { points, responses } = scaled;
    const width = lambda.length;
    const padded = Math.ceil(size / 4) * 4;
    const columns = TOGETHER * width;
    work.positionPoints += points;
    work.positionGradients += points;
    if (workspace.jacobian.length !== padded * columns) {
      workspace.jacobian = new Float64Array(padded * columns);
      workspace.product = new Float64Array(padded * padded);
    }
    const { jacobian, product } = workspace;
    jacobian.fill(0);
    product.fill(0);
    vector.fill(0);
    let sum = scaled.idleSquares;
    let column = 0;
    for (let point = 0; point < points; point++) {
      sum += this.residualsAt(parameters, point);
      for (let k = 0; k < width; k++) {
        lambda.fill(0);
        lambda[k] = 1;
        network.differentiate(parameters, lambda);
        network.writeColumn(jacobian, column++, columns, responses[k]);
      }
      for (let k = 0; k < width; k++) lambda[k] = responses[k] * residual[k];
      network.differentiate(parameters, lambda);
      network.accumulateGradient(vector);
      if (column === columns) {
        addGram(jacobian, padded, columns, product);
        column = 0;
      }
    }
    if (column > 0) {
      for (let p = 0; p < size; p++) jacobian.fill(0, p * columns + column, (p + 1) * columns);
      addGram(jacobian, padded, columns, product);
    }
    for (let i = 0; i < size; i++)
      for (let k = 0; k <= i; k++) matrix[i * size + k] = product[i * padded + k];
    return sum;
  }

  /** Fills {@link residual} for one point; returns its sum of squares. */
  private residualsAt(parameters: Float64Array, point: number): number {
    const { network, residual } = this;
    const { inputs, targets, responses } = this.scaled;
    const o = point * residual.length;
    network.evaluate(parameters, inputs, o);
    let sum = 0;
    for (let k = 0; k < residual.length; k++) {
      const r = responses[k] * network.gradient[k] - targets[o + k];
      residual[k] = r;
      sum += r * r;
    }
    return sum;
  }
}

/**
 * Adds J J' to the lower triangle of `out`, two rows by four columns at a time.
 *
 * @param j - [rows x columns], rows a multiple of 4
 * @param out - [rows x rows]; some entries just above the diagonal are written as well
 */
function addGram(j: Float64Array, rows: number, columns: number, out: Float64Array): void {
  for (let i = 0; i < rows; i += 2) {
    const i0 = i * columns;
    const i1 = i0 + columns;
    for (let k = 0; k <= i + 1; k += 4) {
      const k0 = k * columns;
      const k1 = k0 + columns;
      const k2 = k1 + columns;
      const k3 = k2 + columns;
      let a0 = 0;
      let a1 = 0;
      let a2 = 0;
      let a3 = 0;
      let b0 = 0;
      let b1 = 0;
      let b2 = 0;
      let b3 = 0;
      for (let c = 0; c < columns; c++) {
        const x = j[i0 + c];
        const y = j[i1 + c];
        const p = j[k0 + c];
        const q = j[k1 + c];
        const r = j[k2 + c];
        const s = j[k3 + c];
        a0 += x * p;
        a1 += x * q;
        a2 += x * r;
        a3 += x * s;
        b0 += y * p;
        b1 += y * q;
        b2 += y * r;
        b3 += y * s;
      }
      const o = i * rows + k;
      out[o] = out[o] + a0;
      out[o + 1] = out[o + 1] + a1;
      out[o + 2] = out[o + 2] + a2;
      out[o + 3] = out[o + 3] + a3;
      const n = o + rows;
      out[n] = out[n] + b0;
      out[n + 1] = out[n + 1] + b1;
      out[n + 2] = out[n + 2] + b2;
      out[n + 3] = out[n + 3] + b3;
    }
  }
}
