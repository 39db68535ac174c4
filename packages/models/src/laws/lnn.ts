import { type Bodies, MclnnError, type Potential } from "@mclnn/physics";
import { PositionNetwork } from "../lnn/position-network.ts";
import type { LnnModel, TrainingRecord } from "../model.ts";
import { checkFinite, checkParts } from "./checks.ts";

/**
 * Baseline LNN (paper, 4.1.2): one network from all positions to the total potential energy, kinetic energy known.
 *
 * V(q) = energyScale net((q - centre) / inputScale), without an output bias: no force depends on it. Nothing in it is central, equal and
 * opposite or the same in every direction, so along its runs neither linear nor angular momentum is conserved. It serves the number of
 * particles and the dimension it was trained with, and no other.
 *
 * @param options - `weights`: flat, in the order of `positionNetworkLayout(particles * dimension, hidden)`; copied; `centre`: [particles x
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
  checkParts("options", "lnn", given);
  const { particles, dimension, masses, hidden, weights, centre, inputScale, energyScale, record } =
    given;
  if (!Number.isInteger(particles) || particles < 1 || particles > 1e6)
    throw new MclnnError("the number of particles cannot be used", {
      code: "bad-shape",
      argument: "particles",
      expected: "a whole number from 1 up",
      got: `${particles}`,
    });
  if (dimension !== 2 && dimension !== 3)
    throw new MclnnError("the dimension cannot be used", {
      code: "bad-shape",
      argument: "dimension",
      expected: "2 or 3",
      got: `${String(dimension)}`,
    });
  const components = particles * dimension;
  const network = new PositionNetwork(components, hidden);
  const ownWeights = Float64Array.from(weights);
  const ownCentre = Float64Array.from(centre);
  const ownMasses = Float64Array.from(masses);
  checkFinite("weights", ownWeights, network.size);
  checkFinite("centre", ownCentre, components);
  checkFinite("masses", ownMasses, particles);
  const worst = ownMasses.findIndex((m) => !(m > 0));
  if (worst >= 0)
    throw new MclnnError("masses are not positive", {
      code: "bad-mass",
      argument: "masses",
      expected: "positive masses",
      got: `${ownMasses[worst]} at index ${worst}`,
    });
  checkScale("inputScale", inputScale);
  checkScale("energyScale", energyScale);
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
  network: PositionNetwork,
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
    for (let k = 0; k < inputs.length; k++)
      inputs[k] = ((positions[k] as number) - (centre[k] as number)) * inverseScale;
    network.evaluate(weights, inputs);
  };
  return {
    name: "lnn",
    dependsOn: "positions",
    conserves: { linearMomentum: false, angularMomentum: false },
    energy(bodies, positions) {
      evaluate(bodies, positions);
      return energyScale * network.energy;
    },
    addForces(bodies, positions, out) {
      evaluate(bodies, positions);
      const { gradient } = network;
      for (let k = 0; k < inputs.length; k++)
        out[k] = (out[k] as number) - forceScale * (gradient[k] as number);
    },
  };
}

function checkScale(argument: string, value: number): void {
  if (!(value > 0) || !Number.isFinite(value))
    throw new MclnnError(`${argument} cannot be used`, {
      code: "bad-scale",
      argument,
      expected: "a positive finite number",
      got: `${value}`,
    });
}
