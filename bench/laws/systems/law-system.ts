import {
  type Coupling,
  createState,
  createSystem,
  type PairPotential,
  type ParticleSystem,
  pairwise,
  pairwiseBySpecies,
  type State,
  type Vectors,
} from "@mclnn/physics";

/** One law of a system: between all particles, or between those of two species. */
export interface Law {
  readonly pair: PairPotential;
  /** The lower one first. */
  readonly species?: readonly [number, number];
}

/** A system that laws are learned from: what is true, and how it is watched. */
export interface LawSystem {
  /** For the command line: `lennard-jones-warm`. */
  readonly name: string;
  readonly title: string;
  /** V(r), as the table shows it. */
  readonly formula: string;
  readonly laws: readonly Law[];
  readonly coupling: Coupling;
  readonly system: ParticleSystem;
  /** Training trajectories start near it. */
  readonly start: State;
  /** Standard deviation of a component around `start`. */
  readonly jitter: { readonly position: number; readonly velocity: number };
  /** Time between records. */
  readonly spacing: number;
  /** Ranges; trajectories with a separation outside are drawn again: no collisions, no escapes. */
  readonly separations: readonly (readonly [number, number])[];
  /** A start that no training trajectory has, and how long a learned law is followed from it. */
  readonly heldOut: { readonly start?: State; readonly time: number };
}

/** A law between all particles. */
export function oneLaw({
  pair,
  masses,
  dimension,
  positions,
  velocities,
  ...rest
}: Omit<LawSystem, "laws" | "coupling" | "system" | "start"> &
  Place & { pair: PairPotential }): LawSystem {
  return {
    ...rest,
    laws: [{ pair }],
    coupling: pair.coupling ?? "none",
    system: createSystem({ masses, dimension, potential: pairwise(pair) }),
    start: createState({ positions, velocities }, { dimension }),
  };
}

/** A law for each pair of species. */
export function lawsBySpecies({
  laws,
  species,
  masses,
  dimension,
  positions,
  velocities,
  ...rest
}: Omit<LawSystem, "laws" | "coupling" | "system" | "start"> &
  Place & {
    laws: readonly { species: readonly [number, number]; pair: PairPotential }[];
    species: readonly number[];
  }): LawSystem {
  return {
    ...rest,
    laws,
    coupling: "none",
    system: createSystem({ masses, dimension, species, potential: pairwiseBySpecies(laws) }),
    start: createState({ positions, velocities }, { dimension }),
  };
}

interface Place {
  readonly masses: ArrayLike<number>;
  readonly dimension: 2 | 3;
  readonly positions: Vectors;
  readonly velocities: Vectors;
}
