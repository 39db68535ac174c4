import { EnergyNetwork } from "@mclnn/models";
import { CELLS, type Cells, edgesOf, hermiteCurveTranspose } from "@mclnn/models/parts";
import { checkArgument, checkLength } from "@mclnn/physics/arguments";
import { curveGradient } from "../engine/adjoint.ts";
import { locateDivergence } from "../engine/locate-divergence.ts";
import { rolloutLoss } from "../engine/pair-rollout.ts";
import type { Objective } from "../optimizers/optimizer.ts";
import { SCHEDULE, type Schedule } from "../records/schedule.ts";
import { TRAINING_DATA, type TrainingData } from "../records/training-data.ts";
import { accumulateBatch } from "./network-batch.ts";
import { networkCurve } from "./network-curve.ts";

/**
 * Rollout loss (Eq. 6) of a pair network by its tabulated slope: V' and V'' at the cell edges, cubic Hermite between.
 *
 * With several laws the parameters are those of one network a law, one after another.
 * The gradient is exact for the interpolated loss; its cost does not depend on the network's width times pairs times steps.
 */
export class TabulatedRolloutLoss implements Objective {
  readonly size: number;
  private readonly data: TrainingData;
  private readonly schedule: Schedule;
  /** Edges of each law's cells. */
  private readonly edges: readonly Float64Array[];
  private readonly cells: Cells;
  private readonly network: EnergyNetwork;
  private readonly curveGradient: Float64Array;

  constructor(data: TrainingData, schedule: Schedule, cells: Cells, hidden: readonly number[]) {
    checkArgument("data", data, TRAINING_DATA);
    checkArgument("schedule", schedule, SCHEDULE);
    checkArgument("cells", cells, CELLS);
    checkLength("cells.firstCell", cells.firstCell, [cells.blocks + 1, "ends of blocks"]);
    this.data = data;
    this.schedule = schedule;
    this.edges = Array.from({ length: cells.blocks }, (_, law) => edgesOf(cells, law));
    this.cells = cells;
    this.network = new EnergyNetwork(hidden);
    this.size = cells.blocks * this.network.size;
    this.curveGradient = new Float64Array(4 * cells.count);
  }

  evaluate(parameters: Float64Array, gradient?: Float64Array): number {
    const { data, schedule, edges, cells, network } = this;
    const curve = networkCurve(network, parameters, cells);
    if (gradient === undefined) return rolloutLoss(data, schedule, cells, curve);
    const loss = curveGradient(data, schedule, cells, curve, this.curveGradient);
    gradient.fill(0);
    edges.forEach((own, law) => {
      const values = new Float64Array(own.length);
      const derivatives = new Float64Array(own.length);
      hermiteCurveTranspose(cells, law, this.curveGradient, values, derivatives);
      const first = law * network.size;
      const weights = parameters.subarray(first, first + network.size);
      const part = gradient.subarray(first, first + network.size);
      // Edges that no look-up reached are left out.
      const reached = own.map((_, k) => (values[k] === 0 && derivatives[k] === 0 ? 0 : 1));
      const of = (array: Float64Array): Float64Array => array.filter((_, k) => reached[k] === 1);
      accumulateBatch(network, weights, of(own), of(values), of(derivatives), part);
    });
    return loss;
  }

  locate(parameters: Float64Array): string {
    const { data, schedule, cells, network } = this;
    const curve = networkCurve(network, parameters, cells);
    return locateDivergence(data, schedule, cells, curve);
  }
}
