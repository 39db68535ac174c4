import { createMclnnModel } from "@mclnn/models";
import {
  createSystem,
  gravity,
  lennardJones,
  linearSpring,
  morse,
  type PairPotential,
  type ParticleSystem,
  pairwise,
  powerLaw,
  quarticSpring,
  type State,
  yukawa,
} from "@mclnn/physics";
import { normals, RECORD, SEPARATIONS } from "./random-law.ts";

/** A network with random weights as a law. */
function learnedLaw(): PairPotential {
  const { pair } = createMclnnModel({
    hidden: [10, 10],
    weights: normals(141, 7).map((x) => 0.3 * x),
    separations: SEPARATIONS,
    record: RECORD,
  });
  return pair;
}

/** A law with a weak spring beside it, so that no particle leaves in a million steps. */
function held(law: PairPotential): PairPotential {
  return {
    ...law,
    name: `${law.name}, held by a weak spring`,
    energy: (r) => law.energy(r) + 0.05 * r * r,
    slope: (r) => law.slope(r) + 0.1 * r,
  };
}

const MASSES = [1, 2.3, 0.7];
const POSITIONS = [0.61, 0.72, 0.13, -0.74, 0.35, -0.21, 0.02, -0.86, 0.43];
/** Of the whole about its centre of mass, so that nothing falls into the middle. */
const TURNING = 0.5;

/** Three unlike particles in any order, turning about a centre of mass at rest. */
export function threeBodies(
  pair: PairPotential,
  order: readonly number[] = [0, 1, 2],
): { system: ParticleSystem; start: State } {
  const total = MASSES.reduce((a, b) => a + b);
  const centre = [0, 1, 2].map(
    (c) => MASSES.reduce((sum, m, i) => sum + m * POSITIONS[3 * i + c], 0) / total,
  );
  const from = (i: number, c: number): number => POSITIONS[3 * i + c] - centre[c];
  return {
    system: createSystem({
      masses: order.map((i) => MASSES[i]),
      charges: order.map((i) => (i === 1 ? -1 : 1)),
      dimension: 3,
      potential: pairwise(pair),
    }),
    start: {
      time: 0,
      positions: Float64Array.from(order.flatMap((i) => [from(i, 0), from(i, 1), from(i, 2)])),
      velocities: Float64Array.from(
        order.flatMap((i) => [-TURNING * from(i, 1), TURNING * from(i, 0), 0]),
      ),
    },
  };
}

/** Laws with which three bodies stay together for a million steps. */
export function boundLaws(): readonly PairPotential[] {
  return [
    ...[linearSpring(), quarticSpring(), powerLaw({ exponent: 2 }), held(gravity({ G: 0.1 }))],
    ...[held(lennardJones()), held(morse()), held(yukawa()), held(learnedLaw())],
  ];
}
