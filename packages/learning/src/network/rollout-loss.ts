import { EnergyNetwork } from "@mclnn/models";
import { CELLS, type Cells, edgesOf, hermiteCurveTranspose } from "@mclnn/models/parts";
import { checkArgument, checkLength } from "@mclnn/physics/arguments";
import type { Term } from "@mclnn/physics/terms";
import { sizeOf } from "../engine/addends.ts";
import { lawGradient } from "../engine/adjoint.ts";
import { locateDivergence } from "../engine/locate-divergence.ts";
import { rolloutLoss } from "../engine/pair-rollout.ts";
import type { Objective } from "../optimizers/optimizer.ts";
import { SCHEDULE, type Schedule } from "../records/schedule.ts";
import { TRAINING_DATA, type TrainingData } from "../records/training-data.ts";
import { withTerms } from "../terms/law-terms.ts";
import { accumulateBatch } from "./network-batch.ts";
import { networkCurve } from "./network-curve.ts";

/**
 * Rollout loss (Eq. 6) of a pair network by its tabulated slope: V' and V'' at the cell edges, cubic Hermite between.
 *
 * With several laws the parameters are those of one network a law, one after another; the coefficients of terms beside them follow, each in
 * a unit of its own.
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
  private readonly terms: readonly Term[];
  private readonly units: Float64Array;
  private readonly gradient: { readonly curve: Float64Array; readonly beside: Float64Array };

  /** @param units - of the coefficients of all terms, one after another */
  constructor(
    data: TrainingData,
    schedule: Schedule,
    cells: Cells,
    hidden: readonly number[],
    { terms, units }: { readonly terms: readonly Term[]; readonly units: Float64Array } = ALONE,
  ) {
    checkArgument("data", data, TRAINING_DATA);
    checkArgument("schedule", schedule, SCHEDULE);
    checkArgument("cells", cells, CELLS);
    checkLength("cells.firstCell", cells.firstCell, [cells.blocks + 1, "ends of blocks"]);
    this.data = data;
    this.schedule = schedule;
    this.edges = Array.from({ length: cells.blocks }, (_, law) => edgesOf(cells, law));
    this.cells = cells;
    this.network = new EnergyNetwork(hidden);
    this.terms = terms;
    this.units = units;
    const beside = sizeOf(terms);
    this.size = cells.blocks * this.network.size + beside;
    this.gradient = {
      curve: new Float64Array(4 * cells.count),
      beside: new Float64Array(beside),
    };
  }

  /** The coefficients of the terms at some parameters. */
  valuesAt(parameters: Float64Array): Float64Array {
    const { units, size } = this;
    return parameters.slice(size - units.length).map((x, k) => x * units[k]);
  }

  evaluate(parameters: Float64Array, gradient?: Float64Array): number {
    const { data, schedule, edges, cells, network, terms, units } = this;
    const curve = networkCurve(network, parameters, cells);
    const beside = { terms, values: this.valuesAt(parameters) };
    if (gradient === undefined) return rolloutLoss(data, schedule, cells, curve, beside);
    const loss = lawGradient({ data, schedule, cells, beside }, curve, this.gradient);
    gradient.fill(0);
    gradient.set(
      this.gradient.beside.map((x, k) => x * units[k]),
      this.size - units.length,
    );
    edges.forEach((own, law) => {
      const values = new Float64Array(own.length);
      const derivatives = new Float64Array(own.length);
      hermiteCurveTranspose(cells, law, this.gradient.curve, values, derivatives);
      const first = law * network.size;
      const weights = parameters.subarray(first, first + network.size);
      const part = gradient.subarray(first, first + network.size);
      // Edges that no look-up reached are left out.
      // Stryker disable next-line ConditionalExpression,LogicalOperator: at an edge that was reached neither gradient is 0
      const reached = own.map((_, k) => (values[k] === 0 && derivatives[k] === 0 ? 0 : 1));
      const of = (array: Float64Array): Float64Array => array.filter((_, k) => reached[k] === 1);
      accumulateBatch(network, weights, of(own), of(values), of(derivatives), part);
    });
    return loss;
  }

  locate(parameters: Float64Array): string {
    const { data, schedule, cells, network, terms } = this;
    const curve = networkCurve(network, parameters, cells);
    const specs = terms.map(({ spec }) => spec);
    const acting = withTerms(data, specs, this.valuesAt(parameters));
    return locateDivergence(acting, schedule, cells, curve);
  }
}

const ALONE = { terms: [], units: new Float64Array(0) };
