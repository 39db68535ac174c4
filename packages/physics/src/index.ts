export type { Bodies, LawLookup, LookAtBodies, NearSum, PairLaws, Space } from "./bodies.ts";
export { createState, createSystem, type Vectors } from "./create-system.ts";
export { type ErrorDetails, isMclnnError, MclnnError } from "./errors.ts";
export type { Force, Inertia, Potential, SpeciesPairPotential } from "./force.ts";
export { pairwise } from "./forces/pairwise.ts";
export { pairwiseBySpecies } from "./forces/pairwise-by-species.ts";
export { partsOf, sumOfForces } from "./forces/sum.ts";
export {
  accelerations,
  angularMomentum,
  centreOfMass,
  hamiltonian,
  kineticEnergy,
  lagrangian,
  linearMomentum,
  type MomentaBeside,
  momentaBeside,
  potentialEnergy,
  separations,
  stateAt,
} from "./observables.ts";
export type { Coupling, PairPotential } from "./pair-potential.ts";
export { coulomb } from "./potentials/coulomb.ts";
export { definePairPotential, type PairPotentialDefinition } from "./potentials/define.ts";
export { gaussianWell } from "./potentials/gaussian-well.ts";
export { gravity } from "./potentials/gravity.ts";
export { lennardJones } from "./potentials/lennard-jones.ts";
export { linearSpring } from "./potentials/linear-spring.ts";
export { morse } from "./potentials/morse.ts";
export { powerLaw } from "./potentials/power-law.ts";
export { quarticSpring } from "./potentials/quartic-spring.ts";
export { softCore } from "./potentials/soft-core.ts";
export { yukawa } from "./potentials/yukawa.ts";
export type { ParticleSystem, State } from "./system.ts";
export type { JsonValue, Provenance, Trajectory } from "./trajectory.ts";
