import { type Coupling, pairwise } from "@mclnn/physics";
import { checkLength } from "@mclnn/physics/arguments";
import { ForwardEnergyNetwork } from "../networks/forward-energy-network.ts";
import { checkParts } from "./checks.ts";
import { ended, tabulateLaw } from "./law-table.ts";
import type { MclnnModel, SeparationRecord, TrainingRecord } from "./model.ts";
import { type LawUncertainty, lawDeviations } from "./uncertainty.ts";

/**
 * MCLNN (Eq. 4 and 7): one network from separation to pair energy, as a pair potential like any other.
 *
 * Its forces are central, equal and opposite, so linear and angular momentum are conserved whatever the weights, for any number of particles.
 *
 * @param given - `cutoff`: separation from which on it is 0, default none; `hidden`: hidden widths; `weights`: flat, in the order of `networkLayout([1, ...hidden, 1])`; copied
 */
export function createMclnnModel(given: {
  hidden: readonly number[];
  weights: Float64Array;
  coupling?: Coupling;
  cutoff?: number;
  separations: SeparationRecord;
  uncertainty?: LawUncertainty;
  record: TrainingRecord;
}): MclnnModel {
  checkParts("options", "mclnn", given);
  const { hidden, weights, coupling = "none", cutoff, separations, uncertainty, record } = given;
  const network = new ForwardEnergyNetwork(hidden);
  const own = Float64Array.from(weights);
  checkLength("weights", own, [network.size, "weights"]);
  // Energy, slope and curvature at one separation are asked one after another.
  let last = Number.NaN;
  const at = (r: number): ForwardEnergyNetwork => {
    if (r !== last) {
      network.evaluate(own, r);
      last = r;
    }
    return network;
  };
  const whole = {
    name: "mclnn",
    coupling,
    energy: (r: number) => at(r).energy,
    slope: (r: number) => at(r).slope,
    curvature: (r: number) => at(r).curvature,
  };
  const pair = ended(whole, cutoff);
  const table = tabulateLaw(whole, separations.ranges, cutoff);
  return {
    kind: "mclnn",
    pair,
    table,
    potential: pairwise(table),
    coupling,
    ...(cutoff === undefined ? {} : { cutoff }),
    hidden: [...hidden],
    weights: own,
    parameterCount: network.size,
    separations,
    ...(uncertainty === undefined
      ? {}
      : {
          uncertainty,
          ...lawDeviations(uncertainty, {
            zero: cutoff ?? separations.ranges.at(-1)?.[1] ?? 0,
            law: (r) => at(r).slope,
          }),
        }),
    record,
  };
}
