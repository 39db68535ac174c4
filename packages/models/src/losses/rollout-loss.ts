import { type Cells, edgesOf, hermiteCurveTranspose } from "../cells.ts";
import { EnergyNetwork } from "../network.ts";
import { type AdjointScratch, createAdjointScratch, curveGradient } from "../rollout/adjoint.ts";
import { rolloutLoss } from "../rollout/pair-rollout.ts";
import type { Schedule } from "../rollout/schedule.ts";
import { networkCurve } from "../training/function-first/network-fit.ts";
import type { Objective } from "../training/optimizers/optimizer.ts";
import type { TrainingData } from "../training/training-data.ts";

/**
 * Rollout loss (Eq. 6) of a pair network by its tabulated slope: V' and V'' at the cell edges, cubic Hermite between.
 *
 * The gradient is exact for the interpolated loss; its cost does not depend on the network's width times pairs times steps.
 */
export class TabulatedRolloutLoss implements Objective {
  readonly size: number;
  private readonly data: TrainingData;
  private readonly schedule: Schedule;
  private readonly edges: Float64Array;
  private readonly cells: Cells;
  private readonly network: EnergyNetwork;
  private readonly scratch: AdjointScratch;
  private readonly curveGradient: Float64Array;
  private readonly valueGradient: Float64Array;
  private readonly derivativeGradient: Float64Array;

  constructor(data: TrainingData, schedule: Schedule, cells: Cells, hidden: readonly number[]) {
    this.data = data;
    this.schedule = schedule;
    this.edges = edgesOf(cells, 0);
    this.cells = cells;
    this.network = new EnergyNetwork(hidden);
    this.size = this.network.size;
    this.scratch = createAdjointScratch(data, schedule);
    this.curveGradient = new Float64Array(4 * cells.count);
    this.valueGradient = new Float64Array(this.edges.length);
    this.derivativeGradient = new Float64Array(this.edges.length);
  }

  evaluate(parameters: Float64Array, gradient?: Float64Array): number {
    const { data, schedule, edges, cells, network, scratch } = this;
    const curve = networkCurve(network, parameters, cells);
    if (gradient === undefined) return rolloutLoss(data, schedule, cells, curve, scratch.rollout);
    const loss = curveGradient(data, schedule, cells, curve, this.curveGradient, scratch);
    this.valueGradient.fill(0);
    this.derivativeGradient.fill(0);
    hermiteCurveTranspose(
      cells,
      0,
      this.curveGradient,
      this.valueGradient,
      this.derivativeGradient,
    );
    gradient.fill(0);
    for (let k = 0; k < edges.length; k++) {
      const a = this.valueGradient[k] as number;
      const b = this.derivativeGradient[k] as number;
      if (a === 0 && b === 0) continue;
      network.evaluate(parameters, edges[k] as number);
      network.accumulateGradient(parameters, 0, a, b, gradient);
    }
    return loss;
  }
}
