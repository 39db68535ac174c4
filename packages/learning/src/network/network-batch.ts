import type { EnergyNetwork } from "@mclnn/models";
import { networkModule } from "../wasm/network-module.ts";
import { work } from "../wasm/work.ts";
import { accumulateByKernel, evaluateByKernel } from "./network-kernel.ts";

/**
 * V' (and V, V'') of a pair network at many separations, with the bits that `EnergyNetwork.evaluate` gives one by one.
 *
 * @param weights - [network.size]
 * @param separations - [points]
 * @param energies - overwritten unless null. [points]
 * @param slopes - overwritten. [points]
 * @param curvatures - overwritten unless null. [points]
 */
export function evaluateBatch(
  network: EnergyNetwork,
  weights: Float64Array,
  separations: Float64Array,
  energies: Float64Array | null,
  slopes: Float64Array,
  curvatures: Float64Array | null = null,
): void {
  const module = networkModule();
  if (module !== null) {
    const { hidden } = network;
    evaluateByKernel(module, hidden, weights, separations, energies, slopes, curvatures);
    return;
  }
  for (let k = 0; k < separations.length; k++) {
    network.evaluate(weights, separations[k]);
    if (energies !== null) energies[k] = network.energy;
    slopes[k] = network.slope;
    if (curvatures !== null) curvatures[k] = network.curvature;
  }
  work.networkPoints += separations.length;
}

/**
 * Adds the sum over separations of d(b V' + c V'')/dweights to `out`, with the bits that `EnergyNetwork.accumulateGradient` gives one by one.
 *
 * @param slopeFactors - b. [points]
 * @param curvatureFactors - c. [points]
 * @param out - [network.size]
 */
export function accumulateBatch(
  network: EnergyNetwork,
  weights: Float64Array,
  separations: Float64Array,
  slopeFactors: Float64Array,
  curvatureFactors: Float64Array,
  out: Float64Array,
): void {
  const module = networkModule();
  if (module !== null) {
    const { hidden } = network;
    accumulateByKernel(module, hidden, weights, separations, slopeFactors, curvatureFactors, out);
    return;
  }
  for (let k = 0; k < separations.length; k++) {
    network.evaluate(weights, separations[k]);
    const b = slopeFactors[k];
    network.accumulateGradient(weights, 0, b, curvatureFactors[k], out);
  }
  work.networkGradients += separations.length;
}
