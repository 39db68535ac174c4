import { type Bodies, MclnnError, type Potential } from "@mclnn/physics";
import { checkArgument, checkLength } from "@mclnn/physics/arguments";
import { ForwardPositionNetwork } from "../networks/forward-position-network.ts";
import { checkParts } from "./checks.ts";
import type { LnnModel, TrainingRecord } from "./model.ts";

/**
 * Baseline LNN (paper, 4.1.2): one network from all positions to the total potential energy, kinetic energy known.
 *
 * V(q) = energyScale net((q - centre) / inputScale), without an output bias: no force depends on it. Nothing in it is central, equal and
 * opposite or the same in every direction, so along its runs neither linear nor angular momentum is conserved. It serves the number of
 * particles and the dimension it was trained with, and no other.
 *
 * @param given - `weights`: flat, in the order of `positionNetworkLayout(particles * dimension, hidden)`; copied; `centre`: [particles x
 * dimension]; copied
 * @throws MclnnError `bad-shape`, `not-finite`, `bad-hidden-widths`, `bad-scale`; from its potential `wrong-system` for other bodies
 */
export function createLnnModel(given: {
  readonly particles: number;
  readonly dimension: 2 | 3;
  readonly masses: Float64Array;
  readonly hidden: readonly number[];
  readonly weights: Float64Array;
  readonly centre: Float64Array;
  readonly inputScale: number;
  readonly energyScale: number;
  readonly record: TrainingRecord;
}): LnnModel {
  checkArgument(
    "options",
    given,
    { particles: "count", dimension: "dimension" },
    { code: "bad-shape" },
  );
  const scales = { inputScale: "positive", energyScale: "positive" } as const;
  checkArgument("options", given, scales, { code: "bad-scale" });
  checkParts("options", "lnn", given);
  const { particles, dimension, masses, hidden, weights, centre, inputScale, energyScale, record } =
    given;
  const components = particles * dimension;
  const network = new ForwardPositionNetwork(components, hidden);
  const ownWeights = Float64Array.from(weights);
  const ownCentre = Float64Array.from(centre);
  const ownMasses = Float64Array.from(masses);
  checkLength("weights", ownWeights, [network.size, "weights"]);
  checkLength("centre", ownCentre, [particles, "particles"], [dimension]);
  checkLength("masses", ownMasses, [particles, "particles"]);
  return {
    kind: "lnn",
    particles,
    dimension,
    masses: ownMasses,
    hidden: [...hidden],
    weights: ownWeights,
    centre: ownCentre,
    inputScale,
    energyScale,
    parameterCount: network.size,
    record,
    potential: networkPotential(network, ownWeights, ownCentre, inputScale, energyScale, dimension),
  };
}

/** The network as energy and forces of a whole configuration. */
function networkPotential(
  network: ForwardPositionNetwork,
  weights: Float64Array,
  centre: Float64Array,
  inputScale: number,
  energyScale: number,
  dimension: 2 | 3,
): Potential {
  const particles = centre.length / dimension;
  const inverseScale = 1 / inputScale;
  const forceScale = energyScale / inputScale;
  const inputs = new Float64Array(centre.length);
  const evaluate = (bodies: Bodies, positions: Float64Array): void => {
    if (bodies.masses.length !== particles || bodies.dimension !== dimension)
      throw new MclnnError("an LNN cannot be used with other particles than it was trained with", {
        code: "wrong-system",
        argument: "bodies",
        expected: `${particles} particles in ${dimension} dimensions`,
        got: `${bodies.masses.length} particles in ${bodies.dimension} dimensions`,
        mend: "A pair law (mclnn, spline) serves any number of particles.",
      });
    for (let k = 0; k < inputs.length; k++) inputs[k] = (positions[k] - centre[k]) * inverseScale;
    network.evaluate(weights, inputs);
  };
  return {
    name: "lnn",
    reads: "positions",
    conserves: { energy: true, linearMomentum: false, angularMomentum: false },
    energy(bodies, positions) {
      evaluate(bodies, positions);
      return energyScale * network.energy;
    },
    addForces(bodies, positions, out) {
      evaluate(bodies, positions);
      const { gradient } = network;
      for (let k = 0; k < inputs.length; k++) out[k] = out[k] - forceScale * gradient[k];
    },
  };
}
